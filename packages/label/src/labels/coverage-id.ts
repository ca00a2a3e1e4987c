/** `coverage-id`: u16 (H, W, 4), ids of the objects that share the pixel, largest share first; 0 is no surface, or an unused entry where its share is 0. */
import { coverage } from '../coverage.ts'
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { storedIds } from '../segments.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS['coverage-id']

export const coverageId: PixelLabel = {
  kind: 'pixels',
  spec,
  with: ['coverage'],
  compute(context) {
    const ids = storedIds(context)
    const { instance } = coverage(context)
    const data = new Uint16Array(instance.length)
    for (let i = 0; i < data.length; i++) if (instance[i] >= 0) data[i] = ids[instance[i]]
    return toLayer(context, spec, data)
  },
}
