/** `velocity`: `linearVelocity` (m/s, of the object's origin) and `angularVelocity` (rad/s), both world. */
import type { InstanceLabel } from '../label.ts'

export const velocity: InstanceLabel = {
  kind: 'instances',
  name: 'velocity',
  definition: "linearVelocity: m/s, world, of the object's origin. angularVelocity: rad/s, world.",
  compute: ({ resolved, motion, time }) =>
    resolved.scene.objects.map(object => {
      const { linear, angular } = motion.velocity(object.id, time)
      return { linearVelocity: [...linear], angularVelocity: [...angular] }
    }),
}
