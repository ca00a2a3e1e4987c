/** `metallic`: u16 (H, W), share of the material that is metal, 0–1; 0 at a miss. */
import type { PixelLabel } from '../label.ts'
import { metallicValues, quantizeUnit } from '../materials.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS['metallic']

export const metallic: PixelLabel = {
  kind: 'pixels',
  spec,
  compute: context => toLayer(context, spec, quantizeUnit(metallicValues(context))),
}
