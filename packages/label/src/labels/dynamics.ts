/** `dynamics`: force and energy of every dynamic object, from its recorded motion; exact by the laws of impulse and energy, whatever the solver did inside. */
import type { Motion } from '@dioramic/physics'
import { type Quat, quat, type SceneObject, type Vec3, vec3 } from '@dioramic/scene'
import type { InstanceLabel } from '../label.ts'

/** Of the centre of mass. */
function centre(
  motion: Motion,
  object: SceneObject,
  t: number,
): { readonly position: Vec3; readonly velocity: Vec3; readonly angular: Vec3; readonly rotation: Quat } {
  const { position, rotation } = motion.pose(object.id, t)
  const { linear, angular } = motion.velocity(object.id, t)
  const arm = quat.rotate(rotation, motion.body(object.id)!.centerOfMass)
  return { position: vec3.add(position, arm), velocity: vec3.add(linear, vec3.cross(angular, arm)), angular, rotation }
}

export const dynamics: InstanceLabel = {
  kind: 'instances',
  name: 'dynamics',
  definition:
    'force: [x, y, z] N, world, mean of the net force over the frame interval centred on the frame (change of momentum / duration). contactForce: the same without gravity: what contacts did. kineticEnergy: J, of the centre of mass and of rotation. potentialEnergy: J, of the centre of mass in the scene’s gravity, 0 at the world’s origin. null for objects that forces do not move.',
  compute({ resolved, motion, time }) {
    const { fps, gravity, objects } = resolved.scene
    return objects.map(object => {
      const body = motion.body(object.id)
      if (!body || !Number.isFinite(body.mass)) return { force: null, contactForce: null, kineticEnergy: null, potentialEnergy: null }
      const { mass, inertia, inertiaFrame } = body
      const [t0, t1] = [Math.max(motion.start, time - 0.5 / fps), Math.min(motion.end, time + 0.5 / fps)]
      const change = vec3.sub(centre(motion, object, t1).velocity, centre(motion, object, t0).velocity)
      const force = vec3.scale(change, mass / (t1 - t0))
      const now = centre(motion, object, time)
      // Spin along the principal axes of inertia.
      const spin = quat.rotate(quat.conjugate(quat.multiply(now.rotation, inertiaFrame)), now.angular)
      const turning = inertia[0] * spin[0] * spin[0] + inertia[1] * spin[1] * spin[1] + inertia[2] * spin[2] * spin[2]
      return {
        force: [...force],
        contactForce: [...vec3.sub(force, vec3.scale(gravity, mass))],
        kineticEnergy: (mass * vec3.dot(now.velocity, now.velocity) + turning) / 2,
        potentialEnergy: -mass * vec3.dot(gravity, now.position),
      }
    })
  },
}
