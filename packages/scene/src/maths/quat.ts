/** Unit quaternions as (x, y, z, w), rotating column vectors: `rotate(q, v)` is q v q*. */
import { atan2, cos, sin } from './portable.ts'
import { cross, dot as dot3, normalize as normalize3, sub, type Vec3 } from './vec3.ts'

export type Quat = readonly [number, number, number, number]

export const IDENTITY: Quat = [0, 0, 0, 1]

export const conjugate = (q: Quat): Quat => [-q[0], -q[1], -q[2], q[3]]

/** Hamilton product: `rotate(multiply(a, b), v)` applies b first, then a. */
export function multiply(a: Quat, b: Quat): Quat {
  return [
    a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
    a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
    a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
    a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
  ]
}

/** The unit quaternion along `q`; zero gives the identity. */
export function normalize(q: Quat): Quat {
  const n2 = q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]
  if (!(n2 > 1e-280 && n2 < 1e280)) {
    // The squares under- or overflow: bring the largest component to 1 first.
    const m = Math.max(Math.abs(q[0]), Math.abs(q[1]), Math.abs(q[2]), Math.abs(q[3]))
    return m > 0 && m < Number.POSITIVE_INFINITY ? normalize([q[0] / m, q[1] / m, q[2] / m, q[3] / m]) : IDENTITY
  }
  const n = Math.sqrt(n2)
  return [q[0] / n, q[1] / n, q[2] / n, q[3] / n]
}

export function rotate(q: Quat, v: Vec3): Vec3 {
  const tx = 2 * (q[1] * v[2] - q[2] * v[1])
  const ty = 2 * (q[2] * v[0] - q[0] * v[2])
  const tz = 2 * (q[0] * v[1] - q[1] * v[0])
  return [v[0] + q[3] * tx + q[1] * tz - q[2] * ty, v[1] + q[3] * ty + q[2] * tx - q[0] * tz, v[2] + q[3] * tz + q[0] * ty - q[1] * tx]
}

/** Rotation by `angle` radians about `axis` (need not be unit). */
export function fromAxisAngle(axis: Vec3, angle: number): Quat {
  const a = normalize3(axis)
  const s = sin(angle / 2)
  return [a[0] * s, a[1] * s, a[2] * s, cos(angle / 2)]
}

/** Shortest-arc spherical interpolation (Shoemake 1985), accurate for all angles: theirs comes from Kahan's 2·atan2(|a − b|, |a + b|), not from acos. */
export function slerp(a: Quat, b: Quat, t: number): Quat {
  const s = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3] < 0 ? -1 : 1
  let wa = 1 - t
  let wb = t
  const theta = 2 * atan2(distance(a, b, -s), distance(a, b, s))
  // Below this the sines are their arguments.
  if (theta > 1e-8) {
    const inv = 1 / sin(theta)
    wa = sin(wa * theta) * inv
    wb = sin(wb * theta) * inv
  }
  wb *= s
  return normalize([a[0] * wa + b[0] * wb, a[1] * wa + b[1] * wb, a[2] * wa + b[2] * wb, a[3] * wa + b[3] * wb])
}

/** |a + s·b|. */
function distance(a: Quat, b: Quat, s: number): number {
  const x = a[0] + s * b[0]
  const y = a[1] + s * b[1]
  const z = a[2] + s * b[2]
  const w = a[3] + s * b[3]
  return Math.sqrt(x * x + y * y + z * z + w * w)
}

/** Rotation whose matrix has the columns x, y, z (a right-handed orthonormal basis). */
export function fromBasis(x: Vec3, y: Vec3, z: Vec3): Quat {
  const trace = x[0] + y[1] + z[2]
  if (trace > 0) {
    const s = 2 * Math.sqrt(trace + 1)
    return normalize([(y[2] - z[1]) / s, (z[0] - x[2]) / s, (x[1] - y[0]) / s, s / 4])
  }
  if (x[0] > y[1] && x[0] > z[2]) {
    const s = 2 * Math.sqrt(1 + x[0] - y[1] - z[2])
    return normalize([s / 4, (y[0] + x[1]) / s, (z[0] + x[2]) / s, (y[2] - z[1]) / s])
  }
  if (y[1] > z[2]) {
    const s = 2 * Math.sqrt(1 + y[1] - x[0] - z[2])
    return normalize([(y[0] + x[1]) / s, s / 4, (z[1] + y[2]) / s, (z[0] - x[2]) / s])
  }
  const s = 2 * Math.sqrt(1 + z[2] - x[0] - y[1])
  return normalize([(z[0] + x[2]) / s, (z[1] + y[2]) / s, s / 4, (x[1] - y[0]) / s])
}

/** Orientation of a camera or light at `eye` that looks along -Z at `target`, +Y as near `up` as possible. Straight up or down falls back to +Y as up. */
export function lookAt(eye: Vec3, target: Vec3, up: Vec3 = [0, 0, 1]): Quat {
  const z = normalize3(sub(eye, target))
  let x = cross(up, z)
  if (dot3(x, x) < 1e-18) x = cross([0, 1, 0], z)
  x = normalize3(x)
  return fromBasis(x, cross(z, x), z)
}

/** Row-major 3×3 rotation matrix. */
export function toMatrix3(q: Quat): readonly number[] {
  const [x, y, z, w] = q
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y),
  ]
}
