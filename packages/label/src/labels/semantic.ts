/** `semantic`: u16 (H, W), number of the category of the object that is seen; 0 is no hit. */
import { categoryIds } from '../categories.ts'
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS.semantic

export const semantic: PixelLabel = {
  kind: 'pixels',
  spec,
  with: ['category'],
  compute(context) {
    const ids = categoryIds(context.resolved)
    const { instance } = context.primary
    const data = new Uint16Array(instance.length)
    for (let p = 0; p < data.length; p++) if (instance[p] >= 0) data[p] = ids[instance[p]]
    return toLayer(context, spec, data)
  },
}
