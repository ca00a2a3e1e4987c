/** `depth`: f32 (H, W), metres along the optical axis to the first surface (negative behind the camera, where a lens sees so far round); +∞ at a miss. */
import type { PixelLabel } from '../label.ts'
import { frameRays, toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS.depth

export const depth: PixelLabel = {
  kind: 'pixels',
  spec,
  compute(context) {
    const { instance, t } = context.primary
    const { axial } = frameRays(context)
    const data = new Float32Array(instance.length)
    for (let p = 0; p < data.length; p++) data[p] = instance[p] < 0 ? Infinity : axial ? t[p] * axial[p] : t[p]
    return toLayer(context, spec, data)
  },
}
