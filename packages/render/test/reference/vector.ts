/** Vectors in f64, for the reference alone. */
export type V = readonly [number, number, number]

export const add = (a: V, b: V): V => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
export const sub = (a: V, b: V): V => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
export const mul = (a: V, b: V): V => [a[0] * b[0], a[1] * b[1], a[2] * b[2]]
export const scale = (a: V, s: number): V => [a[0] * s, a[1] * s, a[2] * s]
export const along = (a: V, d: V, t: number): V => [a[0] + d[0] * t, a[1] + d[1] * t, a[2] + d[2] * t]
export const dot = (a: V, b: V): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
export const cross = (a: V, b: V): V => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
export const length = (a: V): number => Math.hypot(a[0], a[1], a[2])
export const unit = (a: V): V => scale(a, 1 / length(a))
export const neg = (a: V): V => [-a[0], -a[1], -a[2]]
export const reflect = (wo: V, h: V): V => sub(scale(h, 2 * dot(wo, h)), wo)

/** Rotates by the quaternion x, y, z, w: v + 2w(q × v) + 2 q × (q × v). */
export function rotate(q: readonly [number, number, number, number], v: V): V {
  const u: V = [q[0], q[1], q[2]]
  const t = scale(cross(u, v), 2)
  return add(add(v, scale(t, q[3])), cross(u, t))
}
export const unrotate = (q: readonly [number, number, number, number], v: V): V => rotate([-q[0], -q[1], -q[2], q[3]], v)

/** Two unit vectors across n, by the axis n leans on least. */
export function frame(n: V): readonly [V, V] {
  const a = Math.abs(n[0]) < 0.6 ? ([1, 0, 0] as const) : ([0, 1, 0] as const)
  const x = unit(cross(a, n))
  return [x, cross(n, x)]
}
