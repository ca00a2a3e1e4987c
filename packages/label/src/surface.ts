/** The surface point of each pixel in its object's own frame: (instance, primitive, barycentric) made a position. */
import type { FrameContext } from './label.ts'
import { memo } from './memo.ts'

/** x, y, z of every pixel's surface point, unscaled object frame, f64; zeros at a miss. Computed once a frame. */
export const surfacePoints = (context: FrameContext): Float64Array =>
  memo(context, 'surface', () => {
    const { instance, primitive, u, v } = context.primary
    const { objects } = context.resolved
    const out = new Float64Array(3 * instance.length)
    for (let p = 0; p < instance.length; p++) {
      const k = instance[p]
      if (k < 0) continue
      const { positions, indices } = objects[k].mesh
      const f = 3 * primitive[p]
      const a = 3 * indices[f]
      const b = 3 * indices[f + 1]
      const c = 3 * indices[f + 2]
      const wb = u[p]
      const wc = v[p]
      const wa = 1 - wb - wc
      out[3 * p] = wa * positions[a] + wb * positions[b] + wc * positions[c]
      out[3 * p + 1] = wa * positions[a + 1] + wb * positions[b + 1] + wc * positions[c + 1]
      out[3 * p + 2] = wa * positions[a + 2] + wb * positions[b + 2] + wc * positions[c + 2]
    }
    return out
  })
