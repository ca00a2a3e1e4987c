/** `mass` of the clip's instance record: kilograms; null for static, kinematic and body-less objects (JSON has no infinity). */
import { finiteOrNull } from '../json.ts'
import type { ConstantLabel } from '../label.ts'

export const mass: ConstantLabel = {
  kind: 'constants',
  name: 'mass',
  definition: 'mass: kilograms; null for an object that forces do not move.',
  compute: (resolved, motion) => resolved.scene.objects.map(object => ({ mass: finiteOrNull(motion.body(object.id)?.mass) })),
}
