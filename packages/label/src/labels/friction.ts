/** `friction` of the clip's instance record: Coulomb coefficient; null without a body. A pair uses the geometric mean. */
import { finiteOrNull } from '../json.ts'
import type { ConstantLabel } from '../label.ts'

export const friction: ConstantLabel = {
  kind: 'constants',
  name: 'friction',
  definition: 'friction: Coulomb coefficient; null without a body.',
  compute: (resolved, motion) => resolved.scene.objects.map(object => ({ friction: finiteOrNull(motion.body(object.id)?.friction) })),
}
