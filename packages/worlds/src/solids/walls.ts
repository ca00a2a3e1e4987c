/**
 * Triangles between rings of `n` points each, stored one ring after another: counter-clockwise seen from outside where the rings turn counter-clockwise
 * about the way from the first to the last.
 */
export function walls(rings: number, n: number): number[] {
  const indices: number[] = []
  for (let r = 0; r + 1 < rings; r++) {
    for (let i = 0; i < n; i++) {
      const [a, b] = [r * n + i, r * n + ((i + 1) % n)]
      indices.push(a, b, b + n, a, b + n, a + n)
    }
  }
  return indices
}
