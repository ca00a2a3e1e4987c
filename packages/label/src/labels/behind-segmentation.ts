/** `behind-segmentation`: `segmentation` of the first surface behind all that transmits light, looked for straight along the same ray. */
import { behindContext } from '../behind.ts'
import type { PixelLabel } from '../label.ts'
import { LAYER_SPECS } from '../specs.ts'
import { segmentation } from './segmentation.ts'

const spec = LAYER_SPECS['behind-segmentation']

export const behindSegmentation: PixelLabel = {
  kind: 'pixels',
  spec,
  compute: context => ({ ...segmentation.compute(behindContext(context)), name: spec.name }),
}
