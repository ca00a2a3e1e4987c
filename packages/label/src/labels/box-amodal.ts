/**
 * `box-amodal`: the box around all of the object, hidden or not. `box2dAmodal` is clipped to the picture (null when the box misses it),
 * `box2dAmodalUnclipped` is not (null when all is behind the camera), `truncatedFraction` is the share of the unclipped box's area outside the
 * picture, `cutByCamera` says that part of the object is behind the camera. Raster pixels; exact for the mesh (cut-outs count as surface).
 */
import { meshAt } from '@dioramic/scene'
import type { InstanceLabel } from '../label.ts'
import { matricesAt } from '../matrices.ts'
import { rollingSilhouette } from '../rolling-silhouette.ts'
import { silhouette } from '../silhouette.ts'

export const boxAmodal: InstanceLabel = {
  kind: 'instances',
  name: 'box-amodal',
  definition:
    'box2dAmodal: [left, top, right, bottom], raster pixels, around the projection of the whole mesh as if nothing hid it, clipped to the picture; null when outside. box2dAmodalUnclipped: the same, unclipped; null when the camera has no image of any of it. truncatedFraction: share of the unclipped box outside the picture. cutByCamera: the camera has no image of part of the object (less than 1 mm before a pinhole or behind it, past the angle where a lens ends); boxes are of the rest. Under a rolling shutter, as its rows see the object.',
  compute(context) {
    const { camera, view } = matricesAt(context, context.time)
    const rolling = context.resolved.scene.cameras[context.camera].readout > 0
    return context.resolved.objects.map((object, k) => {
      const found = rolling
        ? rollingSilhouette(context, k)
        : silhouette(camera, view.subarray(12 * k, 12 * k + 12), meshAt(object, context.time))
      if (!found) return { box2dAmodal: null, box2dAmodalUnclipped: null, truncatedFraction: 1, cutByCamera: true }
      const [left, top, right, bottom] = found.box
      const l = Math.max(0, left)
      const t = Math.max(0, top)
      const r = Math.min(camera.width, right)
      const b = Math.min(camera.height, bottom)
      const inside = l <= r && t <= b
      const area = (right - left) * (bottom - top)
      // A flat object seen edge-on has no area: it is then inside or outside by whether its box meets the picture.
      const kept = !inside ? 0 : area > 0 ? ((r - l) * (b - t)) / area : 1
      return {
        box2dAmodal: inside ? [l, t, r, b] : null,
        box2dAmodalUnclipped: [left, top, right, bottom],
        truncatedFraction: 1 - kept,
        cutByCamera: found.cut,
      }
    })
  },
}
