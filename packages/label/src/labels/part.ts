/** `part`: u16 (H, W), number of the mesh part that is seen; `parts` of the clip says whose it is and what it is called. 0 at a miss. */
import type { PixelLabel } from '../label.ts'
import { partNumbers } from '../materials.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS['part']

export const part: PixelLabel = {
  kind: 'pixels',
  spec,
  with: ['parts'],
  compute: context => toLayer(context, spec, partNumbers(context, 'id')),
}
