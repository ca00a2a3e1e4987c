/** `behind-depth`: `depth` of the first surface behind all that transmits light, looked for straight along the same ray. */
import { behindContext } from '../behind.ts'
import type { PixelLabel } from '../label.ts'
import { LAYER_SPECS } from '../specs.ts'
import { depth } from './depth.ts'

const spec = LAYER_SPECS['behind-depth']

export const behindDepth: PixelLabel = {
  kind: 'pixels',
  spec,
  compute: context => ({ ...depth.compute(behindContext(context)), name: spec.name }),
}
