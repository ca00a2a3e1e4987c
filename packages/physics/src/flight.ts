/**
 * Free flight in f64. Rapier's own integrator is semi-implicit Euler in f32 with a damping implicit gyroscopic term; a body that touches
 * nothing needs neither: its centre of mass follows a parabola, and its angular momentum is constant.
 */
import { portable, type Quat, quat, type Vec3, vec3 } from '@dioramic/scene'

/** Rigid-body constants in the object's frame. */
export interface Inertia {
  readonly centerOfMass: Vec3
  /** Principal moments, kg m². */
  readonly moments: Vec3
  /** Object from principal axes. */
  readonly frame: Quat
}

/** Pose of the origin, velocity of the **centre of mass**, angular velocity, all world, at one time. */
export interface RigidState {
  readonly position: Vec3
  readonly rotation: Quat
  readonly linear: Vec3
  readonly angular: Vec3
}

/** q turned by the rotation vector w (radians, world), exactly. */
export function turn(q: Quat, w: Vec3): Quat {
  const angle = vec3.length(w)
  if (angle === 0) return q
  const s = portable.sin(angle / 2) / angle
  return quat.normalize(quat.multiply([w[0] * s, w[1] * s, w[2] * s, portable.cos(angle / 2)], q))
}

/** Applies `f` to the moments in the frame of the principal axes of a body turned by `rotation`. */
const inPrincipal = (inertia: Inertia, rotation: Quat, v: Vec3, invert: boolean): Vec3 => {
  const principal = quat.multiply(rotation, inertia.frame)
  const local = quat.rotate(quat.conjugate(principal), v)
  const m = inertia.moments
  return quat.rotate(principal, invert ? [local[0] / m[0], local[1] / m[1], local[2] / m[2]] : vec3.mul(local, m))
}

/** Angular momentum, kg m²/s, world. */
export const angularMomentum = (inertia: Inertia, rotation: Quat, angular: Vec3): Vec3 => inPrincipal(inertia, rotation, angular, false)

/**
 * The state `dt` later under gravity alone. Translation is exact. Rotation is the explicit midpoint rule on the constant angular momentum
 * (second order; momentum exact, energy error O(dt²) bounded by the precession it resolves).
 */
export function fly(inertia: Inertia, s: RigidState, gravity: Vec3, dt: number): RigidState {
  let rotation = s.rotation
  let angular = s.angular
  if (angular[0] !== 0 || angular[1] !== 0 || angular[2] !== 0) {
    const { moments: m } = inertia
    if (m[0] === m[1] && m[1] === m[2]) {
      rotation = turn(rotation, vec3.scale(angular, dt))
    } else {
      const momentum = angularMomentum(inertia, rotation, angular)
      // Fast spinners are cut into steps of at most 0.05 rad, so that the midpoint rule resolves the wobble.
      const pieces = Math.min(64, Math.ceil((vec3.length(angular) * dt) / 0.05) || 1)
      const h = dt / pieces
      for (let i = 0; i < pieces; i++) {
        const half = turn(rotation, vec3.scale(inPrincipal(inertia, rotation, momentum, true), h / 2))
        rotation = turn(rotation, vec3.scale(inPrincipal(inertia, half, momentum, true), h))
      }
      angular = inPrincipal(inertia, rotation, momentum, true)
    }
  }
  const before = vec3.add(s.position, quat.rotate(s.rotation, inertia.centerOfMass))
  const centre: Vec3 = [0, 1, 2].map(i => before[i]! + s.linear[i]! * dt + 0.5 * gravity[i]! * dt * dt) as unknown as Vec3
  return {
    position: vec3.sub(centre, quat.rotate(rotation, inertia.centerOfMass)),
    rotation,
    linear: vec3.add(s.linear, vec3.scale(gravity, dt)),
    angular,
  }
}
