/** `roughness`: u16 (H, W), perceptual roughness of the material, 0–1 (GGX alpha is its square); 0 at a miss. */
import type { PixelLabel } from '../label.ts'
import { quantizeUnit, roughnessValues } from '../materials.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS['roughness']

export const roughness: PixelLabel = {
  kind: 'pixels',
  spec,
  compute: context => toLayer(context, spec, quantizeUnit(roughnessValues(context))),
}
