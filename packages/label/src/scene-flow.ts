/** Motion of surface points in the world: the pixel's point, followed with its object; the camera has no part in it. */
import type { Step } from './flow.ts'
import type { FrameContext } from './label.ts'
import { matricesAt } from './matrices.ts'
import { frameCamera } from './pixels.ts'
import { rowsOf } from './rows.ts'
import { deforming, followSurface, surfacePoints } from './surface.ts'

/** x, y, z in metres, f32, three a pixel: position at frame + step minus position now, both at the time of the pixel's row; 0 at a miss. */
export function sceneFlow(context: FrameContext, step: Step): Float32Array {
  const { instance } = context.primary
  const points = surfacePoints(context)
  const { width } = frameCamera(context)
  const out = new Float32Array(3 * instance.length)
  const deforms = deforming(context.resolved)
  const follow = followSurface(context)
  const moved = new Float64Array(3)
  for (const { time, from, to } of rowsOf(context)) {
    const now = matricesAt(context, time).world
    const later = context.rowTime(step, from + 0.5)
    const then = matricesAt(context, later).world
    const change = then.map((x, i) => x - now[i])
    for (let p = from * width; p < to * width; p++) {
      const k = instance[p]
      if (k < 0) continue
      if (deforms?.[k]) {
        follow(p, later, moved, 0)
        for (let a = 0, m = 12 * k; a < 3; a++, m += 4) {
          const carried = (matrix: Float64Array, x: Float64Array, i: number) =>
            matrix[m] * x[i] + matrix[m + 1] * x[i + 1] + matrix[m + 2] * x[i + 2]
          out[3 * p + a] = carried(then, moved, 0) - carried(now, points, 3 * p) + change[m + 3]
        }
        continue
      }
      for (let a = 0, m = 12 * k; a < 3; a++, m += 4)
        out[3 * p + a] = change[m] * points[3 * p] + change[m + 1] * points[3 * p + 1] + change[m + 2] * points[3 * p + 2] + change[m + 3]
    }
  }
  return out
}
