/** Motion that keyframes give: of kinematic, static and body-less objects. */
import { portable, quat, quatAt, type SceneObject, vec3, vec3At } from '@dioramic/scene'
import type { Pose, Twist } from './motion.ts'

/** The pose that an object's own keyframes give. */
export const keyframedPose = (object: SceneObject, t: number): Pose => ({
  position: vec3At(object.position, t),
  rotation: quat.normalize(quatAt(object.rotation, t)),
})

/** Central difference of the keyframes over ±h (one-sided at the ends of the clip). */
export function keyframedVelocity(object: SceneObject, t: number, start: number, end: number, h: number): Twist {
  const [t0, t1] = [Math.max(start, t - h), Math.min(end, t + h)]
  const [a, b] = [keyframedPose(object, t0), keyframedPose(object, t1)]
  return twistBetween(a, b, t1 - t0)
}

/** The constant velocities that take pose a to pose b in `dt` seconds. */
export function twistBetween(a: Pose, b: Pose, dt: number): Twist {
  const q = quat.multiply(b.rotation, quat.conjugate(a.rotation))
  const s = q[3] < 0 ? -1 : 1
  const n = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2])
  const k = n > 0 ? (2 * portable.atan2(n, s * q[3]) * s) / (n * dt) : 0
  return { linear: vec3.scale(vec3.sub(b.position, a.position), 1 / dt), angular: [q[0] * k, q[1] * k, q[2] * k] }
}
