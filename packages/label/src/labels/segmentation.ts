/** `segmentation`: u16 (H, W), stable ids of `scene.objects`; 0 is no hit. The first surface with opacity ≥ 0.5 at the pixel centre. */
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { storedIds } from '../segments.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS.segmentation

export const segmentation: PixelLabel = {
  kind: 'pixels',
  spec,
  compute(context) {
    const ids = storedIds(context)
    const { instance } = context.primary
    const data = new Uint16Array(instance.length)
    for (let p = 0; p < data.length; p++) if (instance[p] >= 0) data[p] = ids[instance[p]]
    return toLayer(context, spec, data)
  },
}
