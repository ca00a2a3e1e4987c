/** `pose`: `position` (metres, world, of the object's origin) and `rotation` (x, y, z, w; world from object). */
import type { InstanceLabel } from '../label.ts'

export const pose: InstanceLabel = {
  kind: 'instances',
  name: 'pose',
  definition:
    "position: metres, world, of the object's origin. rotation: quaternion x, y, z, w, world from object. Scale is in the clip's record.",
  compute: ({ resolved, motion, time }) =>
    resolved.scene.objects.map(object => {
      const { position, rotation } = motion.pose(object.id, time)
      return { position: [...position], rotation: [...rotation] }
    }),
}
