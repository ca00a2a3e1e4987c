/**
 * Ear clipping of one polygon, also concave ones, in the plane across its Newell normal's greatest axis (Meisters 1975; Newell's normal as
 * in Sutherland et al. 1974). Returns corner numbers, three a triangle, wound as the polygon. Degenerate rests become a fan.
 */
export function triangulate(corners: readonly (readonly [number, number, number])[]): number[] {
  const n = corners.length
  if (n === 3) return [0, 1, 2]
  const normal = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    const [a, b] = [corners[i]!, corners[(i + 1) % n]!]
    for (let k = 0; k < 3; k++) {
      const [p, q] = [(k + 1) % 3, (k + 2) % 3] as [number, number]
      normal[k]! += (a[p]! - b[p]!) * (a[q]! + b[q]!)
    }
  }
  const size = normal.map(Math.abs) as [number, number, number]
  const axis = size[0] >= size[1] && size[0] >= size[2] ? 0 : size[1] >= size[2] ? 1 : 2
  const turn = normal[axis]! < 0 ? -1 : 1
  const flat = corners.map(c => [c[(axis + 1) % 3]!, c[(axis + 2) % 3]!] as const)
  const area = (a: number, b: number, c: number) =>
    turn * ((flat[b]![0] - flat[a]![0]) * (flat[c]![1] - flat[a]![1]) - (flat[b]![1] - flat[a]![1]) * (flat[c]![0] - flat[a]![0]))
  const left = Array.from({ length: n }, (_, i) => i)
  const out: number[] = []
  const isEar = (i: number) => {
    const m = left.length
    const [a, b, c] = [left[(i + m - 1) % m]!, left[i]!, left[(i + 1) % m]!]
    if (!(area(a, b, c) > 0)) return false
    return left.every(
      p =>
        p === a ||
        p === b ||
        p === c ||
        samePlace(p, a) ||
        samePlace(p, b) ||
        samePlace(p, c) ||
        !(area(a, b, p) >= 0 && area(b, c, p) >= 0 && area(c, a, p) >= 0),
    )
  }
  const samePlace = (p: number, q: number) => flat[p]![0] === flat[q]![0] && flat[p]![1] === flat[q]![1]
  while (left.length > 3) {
    // Corner 1 first, so that a convex polygon becomes the usual fan around corner 0.
    let ear = 1
    while (ear <= left.length && !isEar(ear % left.length)) ear++
    const i = ear > left.length ? 1 : ear % left.length
    const m = left.length
    out.push(left[(i + m - 1) % m]!, left[i]!, left[(i + 1) % m]!)
    left.splice(i, 1)
  }
  return [...out, left[0]!, left[1]!, left[2]!]
}
