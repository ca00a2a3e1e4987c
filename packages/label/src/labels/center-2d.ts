/** `center-2d`: `projectedCentre` ([u, v] raster pixels of the object's origin, null at or behind the camera), `projectedDepth` (metres), `projectedInFrame`. */
import { project } from '@dioramic/scene'
import type { InstanceLabel } from '../label.ts'
import { frameCamera } from '../pixels.ts'
import { exposure } from '../rolling.ts'

export const center2d: InstanceLabel = {
  kind: 'instances',
  name: 'center-2d',
  definition:
    "projectedCentre: [u, v], raster pixels, of the object's origin; null when the camera has no image of it (behind a pinhole). projectedDepth: metres along the optical axis (negative behind). projectedInFrame: whether it is inside the picture; it may still be hidden. Under a rolling shutter, at the time of the row where it is seen.",
  compute(context) {
    const { width, height } = frameCamera(context)
    const { cameras, objects } = context.resolved.scene
    return objects.map(object => {
      const see = (t: number) =>
        project(t === context.time ? frameCamera(context) : context.cameraAt(t), context.motion.pose(object.id, t).position)
      const time = cameras[context.camera].readout === 0 ? context.time : exposure(context, 0, t => see(t).v)
      const { u, v, depth, imaged } = see(Number.isNaN(time) ? context.time : time)
      const seen = imaged && !Number.isNaN(time)
      return {
        projectedCentre: seen ? [u, v] : null,
        projectedDepth: depth,
        projectedInFrame: seen && u >= 0 && u < width && v >= 0 && v < height,
      }
    })
  },
}
