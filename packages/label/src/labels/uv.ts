/** `uv`: f32 (H, W, 2), the mesh's own texture coordinates (v up), before any mapping of the material and not wrapped; 0 without any and at a miss. */
import type { PixelLabel } from '../label.ts'
import { toLayer } from '../pixels.ts'
import { LAYER_SPECS } from '../specs.ts'

const spec = LAYER_SPECS.uv

export const uv: PixelLabel = {
  kind: 'pixels',
  spec,
  compute(context) {
    const { instance, primitive, u, v } = context.primary
    const { objects } = context.resolved
    const data = new Float32Array(2 * instance.length)
    for (let p = 0; p < instance.length; p++) {
      const k = instance[p]
      const uvs = k < 0 ? null : objects[k].mesh.uvs
      if (!uvs) continue
      const { indices } = objects[k].mesh
      const f = 3 * primitive[p]
      const a = 2 * indices[f]
      const b = 2 * indices[f + 1]
      const c = 2 * indices[f + 2]
      const wa = 1 - u[p] - v[p]
      data[2 * p] = wa * uvs[a] + u[p] * uvs[b] + v[p] * uvs[c]
      data[2 * p + 1] = wa * uvs[a + 1] + u[p] * uvs[b + 1] + v[p] * uvs[c + 1]
    }
    return toLayer(context, spec, data)
  },
}
