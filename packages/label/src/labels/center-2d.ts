/** `center-2d`: `projectedCentre` ([u, v] raster pixels of the object's origin, null at or behind the camera), `projectedDepth` (metres), `projectedInFrame`. */
import { project } from '@dioramic/scene'
import type { InstanceLabel } from '../label.ts'
import { NEAR } from '../near.ts'
import { frameCamera } from '../pixels.ts'

export const center2d: InstanceLabel = {
  kind: 'instances',
  name: 'center-2d',
  definition:
    "projectedCentre: [u, v], raster pixels, of the object's origin; null when it is behind the camera. projectedDepth: metres along the optical axis (negative behind). projectedInFrame: whether it is inside the picture; it may still be hidden.",
  compute(context) {
    const camera = frameCamera(context)
    return context.resolved.scene.objects.map(object => {
      const { u, v, depth } = project(camera, context.motion.pose(object.id, context.time).position)
      const inFront = depth > NEAR
      return {
        projectedCentre: inFront ? [u, v] : null,
        projectedDepth: depth,
        projectedInFrame: inFront && u >= 0 && u < camera.width && v >= 0 && v < camera.height,
      }
    })
  },
}
