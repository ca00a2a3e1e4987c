/** `restitution` of the clip's instance record: 0–1; null without a body. A pair uses the larger. */
import { finiteOrNull } from '../json.ts'
import type { ConstantLabel } from '../label.ts'

export const restitution: ConstantLabel = {
  kind: 'constants',
  name: 'restitution',
  definition: 'restitution: 0–1; null without a body.',
  compute: (resolved, motion) => resolved.scene.objects.map(object => ({ restitution: finiteOrNull(motion.body(object.id)?.restitution) })),
}
