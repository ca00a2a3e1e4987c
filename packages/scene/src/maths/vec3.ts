/** 3-vectors as plain readonly tuples, in f64. */
export type Vec3 = readonly [number, number, number]

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
export const sub = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
export const mul = (a: Vec3, b: Vec3): Vec3 => [a[0] * b[0], a[1] * b[1], a[2] * b[2]]
export const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s]
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
export const cross = (a: Vec3, b: Vec3): Vec3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
export const length = (a: Vec3): number => Math.sqrt(dot(a, a))
export const distance = (a: Vec3, b: Vec3): number => length(sub(a, b))
export const lerp = (a: Vec3, b: Vec3, t: number): Vec3 => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
/** Unit vector along `a`; the zero vector gives +X, so the result is always a direction. */
export function normalize(a: Vec3): Vec3 {
  const n2 = dot(a, a)
  if (!(n2 > 1e-280 && n2 < 1e280)) {
    // The squares under- or overflow: bring the largest component to 1 first.
    const m = Math.max(Math.abs(a[0]), Math.abs(a[1]), Math.abs(a[2]))
    return m > 0 && m < Number.POSITIVE_INFINITY ? normalize([a[0] / m, a[1] / m, a[2] / m]) : [1, 0, 0]
  }
  return scale(a, 1 / Math.sqrt(n2))
}
