/** Convex polygons as x, y, z triples, cut by axis-aligned planes. */

/** The part of a convex polygon on one side of a plane: coordinate ≤ limit along an axis (`sign` −1) or ≥ limit (+1). May be empty. */
export function clipHalf(from: readonly number[], axis: number, limit: number, sign: 1 | -1): number[] {
  const out: number[] = []
  const n = from.length
  for (let i = 0; i < n; i += 3) {
    const j = i + 3 === n ? 0 : i + 3
    const a = sign * (from[i + axis]! - limit)
    const b = sign * (from[j + axis]! - limit)
    if (a >= 0) out.push(from[i]!, from[i + 1]!, from[i + 2]!)
    if (a >= 0 !== b >= 0) {
      const t = a / (a - b)
      const at = out.length
      for (let k = 0; k < 3; k++) out.push(from[i + k]! + (from[j + k]! - from[i + k]!) * t)
      out[at + axis] = limit
    }
  }
  return out
}
