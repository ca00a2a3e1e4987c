/** Reads Rapier's contact manifolds: the touching points of two colliders in the last step. */
import type { World } from '@dimforge/rapier3d-deterministic-compat'
import { quat, type Vec3, vec3 } from '@dioramic/scene'
import type { ColliderOwner } from './bodies.ts'
import type { Pose } from './motion.ts'
import { fromVector } from './rapier.ts'

/** One point of a contact, seen from body a to body b. */
export interface ContactPoint {
  /** N s along the normal in the step. */
  readonly impulse: number
  /** The touching points of the two bodies in world space, with the bodies at the step's start. */
  readonly onA: Vec3
  readonly onB: Vec3
  /** Unit, world, from a to b. */
  readonly normal: Vec3
}

/**
 * Points with an impulse between two colliders. Rapier finds contacts at the step's start, so `poseA` and `poseB` are the bodies' poses then.
 */
export function contactPoints(
  world: World,
  handles: readonly [number, number],
  owners: readonly [ColliderOwner, ColliderOwner],
  poseA: Pose,
  poseB: Pose,
): ContactPoint[] {
  const out: ContactPoint[] = []
  world.narrowPhase.contactPair(handles[0], handles[1], world.bodies, (manifold, flipped) => {
    const n = fromVector(manifold.normal())
    const normal = vec3.normalize(flipped ? vec3.scale(n, -1) : n)
    for (let i = 0; i < manifold.numContacts(); i++) {
      const impulse = manifold.contactImpulse(i)
      if (!(impulse > 0)) continue
      const p1 = manifold.localContactPoint1(i)
      const p2 = manifold.localContactPoint2(i)
      if (p1 === null || p2 === null) continue
      const [a, b] = flipped ? [p2, p1] : [p1, p2]
      out.push({ impulse, onA: place(poseA, owners[0], fromVector(a)), onB: place(poseB, owners[1], fromVector(b)), normal })
    }
  })
  return out
}

const place = (pose: Pose, { part }: ColliderOwner, p: Vec3): Vec3 =>
  vec3.add(pose.position, quat.rotate(pose.rotation, vec3.add(part.position, p)))
