/** `depth`: f32 (H, W), metres along the optical axis to the first surface; +∞ at a miss. */
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS.depth

export const depth: PixelLabel = {
  kind: 'pixels',
  spec,
  compute(context) {
    const { instance, t } = context.primary
    const data = new Float32Array(instance.length)
    for (let p = 0; p < data.length; p++) data[p] = instance[p] < 0 ? Infinity : t[p]
    return toLayer(context, spec, data)
  },
}
