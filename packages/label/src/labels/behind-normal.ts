/** `behind-normal`: `normal` of the first surface behind all that transmits light, looked for straight along the same ray. */
import { behindContext } from '../behind.ts'
import type { PixelLabel } from '../label.ts'
import { LAYER_SPECS } from '../specs.ts'
import { normal } from './normal.ts'

const spec = LAYER_SPECS['behind-normal']

export const behindNormal: PixelLabel = {
  kind: 'pixels',
  spec,
  compute: context => ({ ...normal.compute(behindContext(context)), name: spec.name }),
}
