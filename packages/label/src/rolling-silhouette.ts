/** The box around a mesh as a rolling shutter sees it: every point in its own row's time. */
import { meshAt, projectionOf, quat } from '@dioramic/scene'
import type { FrameContext } from './label.ts'
import { viewInto } from './matrices.ts'
import { outline } from './outline.ts'
import { borderOf, type Silhouette } from './silhouette.ts'

/** Instants a picture's height; between them images are taken to move linearly: a thousandth of a pixel at 20 rad/s and a readout of 30 ms. */
const STEPS = 64

/** Of object `k`; from one height above the picture to one below it, where what is farther out is taken as at that time. */
export function rollingSilhouette(context: FrameContext, k: number): Silhouette | null {
  const height = context.resolved.scene.cameras[context.camera].resolution[1]
  const n = 3 * STEPS + 1
  const at = (i: number) => height * (i / STEPS - 1)
  const object = context.resolved.objects[k]
  const instants = Array.from({ length: n }, (_, i) => {
    const time = context.rowTime(0, at(i))
    const camera = context.cameraAt(time)
    const view = new Float64Array(12)
    viewInto(context, k, time, camera, quat.toMatrix3(camera.rotation), view, 0)
    return { camera, view, projection: projectionOf(camera), positions: meshAt(object, time).positions }
  })
  /** The point at s of the edge from vertex a to vertex b, as it is at instant i. */
  const see = (i: number, a: number, b: number, s: number, out: Float64Array): boolean => {
    const { view, projection, positions } = instants[i]
    const on = (c: number) => positions[3 * a + c] + s * (positions[3 * b + c] - positions[3 * a + c])
    const [x, y, z] = [on(0), on(1), on(2)]
    return projection.project(
      view[0] * x + view[1] * y + view[2] * z + view[3],
      view[4] * x + view[5] * y + view[6] * z + view[7],
      view[8] * x + view[9] * y + view[10] * z + view[11],
      out,
    )
  }
  // The poles of a whole sphere are seen in the first and the last row; other borders are taken as in the middle one.
  const [first, middle, last] = [STEPS, 1.5 * STEPS, 2 * STEPS].map(i => borderOf(instants[i].camera, instants[i].view))
  const border = middle.turn === undefined ? middle : { ...middle, rays: [first.rays[0], last.rays[1]] }
  return outline(
    { ...object.mesh, positions: instants[1.5 * STEPS].positions },
    (a, b, along, out) => {
      // v(t) − row(t) falls with t: find the two instants between which it changes sign.
      let low = 0
      let high = n - 1
      while (high - low > 1) {
        const mid = (low + high) >> 1
        if (!see(mid, a, b, along, out)) return false
        if (out[1] > at(mid)) low = mid
        else high = mid
      }
      if (!see(low, a, b, along, out)) return false
      const [u0, v0] = out
      if (!see(high, a, b, along, out)) return false
      const [u1, v1] = out
      const [e0, e1] = [v0 - at(low), v1 - at(high)]
      const s = e0 === e1 ? 0 : Math.min(Math.max(e0 / (e0 - e1), 0), 1)
      // Over the seam of a whole sphere there is nothing in between.
      const seam = border.turn !== undefined && Math.abs(u1 - u0) > border.turn / 2
      out[0] = u0 + (seam ? Math.round(s) : s) * (u1 - u0)
      out[1] = v0 + s * (v1 - v0)
      return true
    },
    border,
  )
}
