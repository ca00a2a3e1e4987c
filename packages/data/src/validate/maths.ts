/** Rigid motion and projection, written here once more: the validator shares no code with what it validates. */
import type { CameraPose } from '../schema/sample.ts'
import { type Distortion, distort, reach, undistort } from './distortion.ts'

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

/** A camera with its matrix. */
export interface View extends CameraPose {
  /** World from camera. */
  readonly r: M3
  readonly distortion?: Distortion | undefined
}
export const view = (pose: CameraPose, distortion?: Distortion): View => ({ ...pose, r: matrix(pose.rotation), distortion })

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

/** World direction through raster (u, v) with unit component along the optical axis. */
export function ray(c: View, u: number, v: number): V3 {
  if (!c.distortion) return apply(c.r, (u - c.cx) / c.fx, (c.cy - v) / c.fy, -1)
  const [x, y] = undistort(c.distortion, (u - c.cx) / c.fx, (v - c.cy) / c.fy)
  return apply(c.r, x, -y, -1)
}

/** Raster position and depth of a point given relative to the camera's centre, world axes; past the reach of a distorted lens the position is NaN. */
export function projectRelative(
  c: View,
  x: number,
  y: number,
  z: number,
): { readonly u: number; readonly v: number; readonly depth: number } {
  const q = applyTransposed(c.r, x, y, z)
  if (c.distortion) {
    const [a, b] = [-q[0] / q[2], q[1] / q[2]]
    const [dx, dy] = q[2] < 0 && Math.sqrt(a * a + b * b) < reach(c.distortion) ? distort(c.distortion, a, b) : [NaN, NaN]
    return { u: c.cx + c.fx * dx, v: c.cy + c.fy * dy, depth: -q[2] }
  }
  return { u: c.cx - (c.fx * q[0]) / q[2], v: c.cy + (c.fy * q[1]) / q[2], depth: -q[2] }
}
export const project = (c: View, p: V3) => projectRelative(c, p[0] - c.position[0], p[1] - c.position[1], p[2] - c.position[2])
