/** The surface point of each pixel in its object's own frame: (instance, primitive, barycentric) made a position. */
import { cornersAt, type ResolvedScene } from '@dioramic/scene'
import type { FrameContext } from './label.ts'
import { memo } from './memo.ts'
import { rowsOf } from './rows.ts'

/** Whether each object deforms; null when none does. */
export function deforming({ objects }: ResolvedScene): readonly boolean[] | null {
  const list = objects.map(o => o.deformation !== undefined)
  return list.some(x => x) ? list : null
}

/** x, y, z of every pixel's surface point on the mesh at rest, unscaled object frame, f64; zeros at a miss. Computed once a frame. */
export const restPoints = (context: FrameContext): Float64Array =>
  memo(context, 'surface at rest', () => {
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

/** The same of the mesh as it is at the time of the pixel's row; `restPoints` itself where nothing deforms. Computed once a frame. */
export const surfacePoints = (context: FrameContext): Float64Array =>
  memo(context, 'surface', () => {
    const deforms = deforming(context.resolved)
    const rest = restPoints(context)
    if (!deforms) return rest
    const out = rest.slice()
    const { instance } = context.primary
    const follow = followSurface(context)
    const width = context.resolved.scene.cameras[context.camera].resolution[0]
    for (const { time, from, to } of rowsOf(context))
      for (let p = from * width; p < to * width; p++) if (instance[p] >= 0 && deforms[instance[p]]) follow(p, time, out, 3 * p)
    return out
  })

/** Writes where the surface point of pixel p is at any time, unscaled object frame, to `out[at …]`. For pixels that show a surface. */
export function followSurface(context: FrameContext): (p: number, time: number, out: Float64Array, at: number) => void {
  const { instance, primitive, u, v } = context.primary
  const { objects } = context.resolved
  const corners = new Float64Array(9)
  return (p, time, out, at) => {
    cornersAt(objects[instance[p]], primitive[p], time, corners)
    const wa = 1 - u[p] - v[p]
    for (let a = 0; a < 3; a++) out[at + a] = wa * corners[a] + u[p] * corners[3 + a] + v[p] * corners[6 + a]
  }
}
