/**
 * `object-coordinates`: u16 (H, W, 3), position of the surface point inside its object's own bounds before scale and pose, 0 (min) to 65535 (max)
 * on x, y, z; 0 at a miss and on an axis without extent (a plane's z). Also for backgrounds. Wang et al. 2019 (NOCS), kept per axis as Kubric does. A deforming
 * body has the coordinates of its mesh at rest: a point keeps its own.
 */
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'
import { restPoints } from '../surface.ts'

const spec = LAYER_SPECS['object-coordinates']

export const objectCoordinates: PixelLabel = {
  kind: 'pixels',
  spec,
  compute(context) {
    const { instance } = context.primary
    const points = restPoints(context)
    const min = new Float64Array(3 * context.resolved.objects.length)
    const factor = new Float64Array(min.length)
    context.resolved.objects.forEach(({ bounds }, k) => {
      for (let i = 0; i < 3; i++) {
        const extent = bounds.max[i] - bounds.min[i]
        min[3 * k + i] = bounds.min[i]
        factor[3 * k + i] = extent > 0 ? 65535 / extent : 0
      }
    })
    const data = new Uint16Array(3 * instance.length)
    for (let p = 0; p < instance.length; p++) {
      const k = 3 * instance[p]
      if (k < 0) continue
      for (let i = 0; i < 3; i++) {
        const c = Math.round((points[3 * p + i] - min[k + i]) * factor[k + i])
        data[3 * p + i] = Math.max(0, Math.min(65535, c))
      }
    }
    return toLayer(context, spec, data)
  },
}
