/** Where the content of a pixel — its surface point, or its direction where it shows the sky — is seen at another time. */
import { type CameraState, projectionOf, quat } from '@dioramic/scene'
import type { FrameContext } from './label.ts'
import { matricesAt } from './matrices.ts'
import { frameDirections } from './pixels.ts'
import { deforming, followSurface, surfacePoints } from './surface.ts'

/**
 * Puts the raster position of pixel `p`'s content to `out` and returns its ray's parameter there (see `PixelRays.directions`), metres: +∞ for the sky,
 * 0, and NaN in `out`, where it has no image. `view` holds camera-from-object matrices, 12 numbers each; `at` is where the pixel's object stands in it.
 */
export type Arrive = (p: number, view: Float64Array, at: number, out: Float64Array) => number

/** Arrivals at a camera frozen at one time; bodies that deform have their shapes of that time. */
export function arriveAt(context: FrameContext, camera: CameraState, time: number): Arrive {
  const { instance } = context.primary
  const points = surfacePoints(context)
  const deforms = deforming(context.resolved)
  const follow = followSurface(context)
  const moved = new Float64Array(3)
  const directions = frameDirections(context)
  const { project, axial } = projectionOf(camera)
  const r = Float64Array.from(quat.toMatrix3(camera.rotation))
  const parallel = camera.lens?.model === 'orthographic'
  return (p, view, at, out) => {
    const sky = instance[p] < 0
    const source = sky ? directions : points
    let x = source[3 * p]
    let y = source[3 * p + 1]
    let z = source[3 * p + 2]
    if (deforms && !sky && deforms[instance[p]]) {
      follow(p, time, moved, 0)
      ;[x, y, z] = moved
    }
    let qx: number
    let qy: number
    let qz: number
    if (sky) {
      qx = r[0] * x + r[3] * y + r[6] * z
      qy = r[1] * x + r[4] * y + r[7] * z
      qz = r[2] * x + r[5] * y + r[8] * z
      if (parallel) return parallelSky(camera.width, p, qz, out)
    } else {
      qx = view[at] * x + view[at + 1] * y + view[at + 2] * z + view[at + 3]
      qy = view[at + 4] * x + view[at + 5] * y + view[at + 6] * z + view[at + 7]
      qz = view[at + 8] * x + view[at + 9] * y + view[at + 10] * z + view[at + 11]
    }
    // A sky direction has axial length about 1, so the bound of `NEAR` keeps its projection finite.
    if (!project(qx, qy, qz, out)) {
      out[0] = out[1] = NaN
      return 0
    }
    return sky ? Infinity : axial ? -qz : Math.sqrt(qx * qx + qy * qy + qz * qz)
  }
}

/** Every pixel of parallel rays sees the same direction: it stays where it is while the camera keeps its axis, and leaves all pixels when it turns. */
function parallelSky(width: number, p: number, qz: number, out: Float64Array): number {
  const same = Math.abs(qz + 1) < 1e-12
  out[0] = same ? (p % width) + 0.5 : NaN
  out[1] = same ? Math.floor(p / width) + 0.5 : NaN
  return same ? Infinity : 0
}

/** Arrivals at `time` with all objects' matrices at hand: `(p, out)` alone. */
export function arriveAll(context: FrameContext, time: number): (p: number, out: Float64Array) => number {
  const { camera, view } = matricesAt(context, time)
  const arrive = arriveAt(context, camera, time)
  const { instance } = context.primary
  return (p, out) => arrive(p, view, 12 * Math.max(0, instance[p]), out)
}
