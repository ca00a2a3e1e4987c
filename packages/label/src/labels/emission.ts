/** `emission`: f32 (H, W, 3), radiance that the surface itself emits, W/(m² sr), linear Rec. 709; 0 at a miss. */
import type { PixelLabel } from '../label.ts'
import { emissionValues } from '../materials.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS['emission']

export const emission: PixelLabel = {
  kind: 'pixels',
  spec,
  compute: context => toLayer(context, spec, Float32Array.from(emissionValues(context))),
}
