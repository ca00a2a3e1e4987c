/** `coverage`: u8 (H, W, 4), share of the pixel, in 55ths, that each object of `coverage-id` has, through the picture's own pixel filter. */
import { coverage as shares } from '../coverage.ts'
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS.coverage

export const coverage: PixelLabel = {
  kind: 'pixels',
  spec,
  with: ['coverage-id'],
  compute: context => toLayer(context, spec, shares(context).points),
}
