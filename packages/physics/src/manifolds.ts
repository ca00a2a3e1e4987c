/** Reads Rapier's contact manifolds: the touching points of two colliders in the last step. */
import type { Collider, World } from '@dimforge/rapier3d-deterministic-compat'
import { quat, type Vec3, vec3 } from '@dioramic/scene'
import type { ColliderOwner } from './bodies.ts'
import type { Pose } from './motion.ts'
import { fromRotation, fromVector } from './rapier.ts'

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
 * Points with an impulse between two colliders. Rapier finds contacts at the step's start, so `poseA` and `poseB` are the bodies' poses then;
 * call it between Rapier's step and any change of the bodies. `impulse` is the colliders' whole impulse of the step.
 */
export function contactPoints(
  world: World,
  handles: readonly [number, number],
  owners: readonly [ColliderOwner, ColliderOwner],
  poseA: Pose,
  poseB: Pose,
  impulse: number,
): ContactPoint[] {
  const out: ContactPoint[] = []
  world.narrowPhase.contactPair(handles[0], handles[1], world.bodies, (manifold, flipped) => {
    const n = fromVector(manifold.normal())
    const normal = vec3.normalize(flipped ? vec3.scale(n, -1) : n)
    for (let i = 0; i < manifold.numContacts(); i++) {
      const share = manifold.contactImpulse(i)
      if (!(share > 0)) continue
      const p1 = manifold.localContactPoint1(i)
      const p2 = manifold.localContactPoint2(i)
      if (p1 === null || p2 === null) continue
      const [a, b] = flipped ? [p2, p1] : [p1, p2]
      out.push({ impulse: share, onA: place(poseA, owners[0], fromVector(a)), onB: place(poseB, owners[1], fromVector(b)), normal })
    }
  })
  return out.length > 0 ? out : nearestPoints(world, handles, poseA, poseB, impulse)
}

/** Triangle meshes keep their impulses where Rapier does not show them: their contact is the nearest two points after the step, taken back to its start. */
function nearestPoints(world: World, handles: readonly [number, number], poseA: Pose, poseB: Pose, impulse: number): ContactPoint[] {
  const [a, b] = handles.map(h => world.getCollider(h)) as [Collider, Collider]
  const contact = a.contactCollider(b, NEAR) ?? a.contactCollider(b, FAR)
  if (contact === null) return []
  return [
    {
      impulse,
      onA: takenBack(a, poseA, fromVector(contact.point1)),
      onB: takenBack(b, poseB, fromVector(contact.point2)),
      normal: vec3.normalize(fromVector(contact.normal1)),
    },
  ]
}

/** How far apart two bodies that pushed each other are at the step's end, m: mostly, and when a body spins or flies so fast that it is elsewhere then. */
const NEAR = 1
const FAR = 1e9

/** A world point on a body now, where it was when the body had `pose`. */
function takenBack(collider: Collider, pose: Pose, p: Vec3): Vec3 {
  const body = collider.parent()!
  const local = quat.rotate(quat.conjugate(fromRotation(body.rotation())), vec3.sub(p, fromVector(body.translation())))
  return vec3.add(pose.position, quat.rotate(pose.rotation, local))
}

const place = (pose: Pose, { part }: ColliderOwner, p: Vec3): Vec3 =>
  vec3.add(pose.position, quat.rotate(pose.rotation, vec3.add(part.position, p)))
