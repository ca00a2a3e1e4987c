/**
 * The largest distance between two of the points x, y, z, exact. Points are tried from the outermost inwards: two of radii r and s about the middle of
 * the bounds are at most r + s apart, so most pairs need no look.
 */
export function diameter(positions: ArrayLike<number>): number {
  const n = positions.length / 3
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  for (let i = 0; i < positions.length; i++) {
    low[i % 3] = Math.min(low[i % 3]!, positions[i]!)
    high[i % 3] = Math.max(high[i % 3]!, positions[i]!)
  }
  const middle = low.map((x, a) => (x + high[a]!) / 2)
  const radius = Float64Array.from({ length: n }, (_, i) => {
    const [x, y, z] = [0, 1, 2].map(a => positions[3 * i + a]! - middle[a]!) as [number, number, number]
    return Math.sqrt(x * x + y * y + z * z)
  })
  const order = Array.from(radius.keys()).sort((a, b) => radius[b]! - radius[a]! || a - b)
  let best = 0
  for (let i = 0; i < n; i++) {
    const p = order[i]!
    if (2 * radius[p]! <= best) break
    for (let j = i + 1; j < n; j++) {
      const q = order[j]!
      if (radius[p]! + radius[q]! <= best) break
      const [x, y, z] = [0, 1, 2].map(a => positions[3 * p + a]! - positions[3 * q + a]!) as [number, number, number]
      best = Math.max(best, Math.sqrt(x * x + y * y + z * z))
    }
  }
  return best
}
