/** `distance`: f32 (H, W), metres along the ray from the camera (its centre; its plane where rays are parallel) to the first surface; +∞ at a miss. What Kubric calls depth. */
import type { PixelLabel } from '../label.ts'
import { frameDirections, toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS.distance

export const distance: PixelLabel = {
  kind: 'pixels',
  spec,
  compute(context) {
    const { instance, t } = context.primary
    const d = frameDirections(context)
    const data = new Float32Array(instance.length)
    for (let p = 0; p < data.length; p++) {
      const x = d[3 * p]
      const y = d[3 * p + 1]
      const z = d[3 * p + 2]
      data[p] = instance[p] < 0 ? Infinity : t[p] * Math.sqrt(x * x + y * y + z * z)
    }
    return toLayer(context, spec, data)
  },
}
