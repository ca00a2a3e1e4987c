/** `albedo`: u16 (H, W, 3), base colour of the material, linear Rec. 709, 0–1; what diffuse light is multiplied by, or the reflectance of a metal. 0 at a miss. */
import type { PixelLabel } from '../label.ts'
import { albedoValues, quantizeUnit } from '../materials.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS['albedo']

export const albedo: PixelLabel = { kind: 'pixels', spec, compute: context => toLayer(context, spec, quantizeUnit(albedoValues(context))) }
