/** Rigid motion, written here once more: the validator shares no code with what it validates. */

export type V3 = readonly [number, number, number]
export type Q = readonly [number, number, number, number]

/** Row-major 3 × 3 of a unit quaternion x, y, z, w. */
export type M3 = readonly [number, number, number, number, number, number, number, number, number]

export function matrix([x, y, z, w]: Q): M3 {
  const xx = x + x
  const yy = y + y
  const zz = z + z
  return [
    1 - y * yy - z * zz,
    x * yy - w * zz,
    x * zz + w * yy,
    x * yy + w * zz,
    1 - x * xx - z * zz,
    y * zz - w * xx,
    x * zz - w * yy,
    y * zz + w * xx,
    1 - x * xx - y * yy,
  ]
}

export const apply = (m: M3, x: number, y: number, z: number): V3 => [
  m[0] * x + m[1] * y + m[2] * z,
  m[3] * x + m[4] * y + m[5] * z,
  m[6] * x + m[7] * y + m[8] * z,
]
export const applyTransposed = (m: M3, x: number, y: number, z: number): V3 => [
  m[0] * x + m[3] * y + m[6] * z,
  m[1] * x + m[4] * y + m[7] * z,
  m[2] * x + m[5] * y + m[8] * z,
]
export const length = (a: V3): number => Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])
export const distance = (a: V3, b: V3): number => length([a[0] - b[0], a[1] - b[1], a[2] - b[2]])

/** A pose with its matrix. */
export interface Rigid {
  readonly position: V3
  /** World from object. */
  readonly r: M3
}
export const rigid = (pose: { readonly position: V3; readonly rotation: Q }): Rigid => ({
  position: pose.position,
  r: matrix(pose.rotation),
})
