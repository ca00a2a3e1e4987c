/** `material`: u16 (H, W), number of the material that is seen; `parts` of the clip names it. 0 at a miss. */
import type { PixelLabel } from '../label.ts'
import { partNumbers } from '../materials.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS['material']

export const material: PixelLabel = {
  kind: 'pixels',
  spec,
  with: ['parts'],
  compute: context => toLayer(context, spec, partNumbers(context, 'material')),
}
