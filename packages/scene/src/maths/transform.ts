/** Affine transforms as rotation, translation and per-axis scale: world = position + rotate(rotation, scale · local). Named destination-from-source. */
import { conjugate, type Quat, rotate } from './quat.ts'
import { add, mul, sub, type Vec3 } from './vec3.ts'

export interface Transform {
  /** Metres. */
  readonly position: Vec3
  readonly rotation: Quat
  /** Per-axis scale, applied before the rotation; all > 0. */
  readonly scale: Vec3
}

export const transformPoint = (worldFromLocal: Transform, p: Vec3): Vec3 =>
  add(worldFromLocal.position, rotate(worldFromLocal.rotation, mul(worldFromLocal.scale, p)))

export const inverseTransformPoint = (worldFromLocal: Transform, p: Vec3): Vec3 => {
  const r = rotate(conjugate(worldFromLocal.rotation), sub(p, worldFromLocal.position))
  const s = worldFromLocal.scale
  return [r[0] / s[0], r[1] / s[1], r[2] / s[2]]
}

/** Row-major 3×4 matrix [R·S | t], 12 numbers. */
export function toMatrix34(t: Transform): readonly number[] {
  const x = rotate(t.rotation, [t.scale[0], 0, 0])
  const y = rotate(t.rotation, [0, t.scale[1], 0])
  const z = rotate(t.rotation, [0, 0, t.scale[2]])
  const p = t.position
  return [x[0], y[0], z[0], p[0], x[1], y[1], z[1], p[1], x[2], y[2], z[2], p[2]]
}
