/** The rays of a camera through places of its picture, in the world. */
import { type CameraState, projectionOf, quat } from '@dioramic/scene'

/**
 * Writes the ray through raster (u, v) as number `at` of `origins` and `directions` (x, y, z each), and returns its share along the optical axis; NaN, and
 * a direction of 0 that meets nothing, where the lens has no ray.
 */
export type Aim = (u: number, v: number, at: number, origins: Float64Array, directions: Float64Array) => number

export function aimOf(camera: CameraState): Aim {
  const { position, rotation } = camera
  const { ray } = projectionOf(camera)
  const [r0, r1, r2, r3, r4, r5, r6, r7, r8] = quat.toMatrix3(rotation) as number[] as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const [px, py, pz] = position
  const local = new Float64Array(6)
  return (u, v, at, origins, directions) => {
    const seen = ray(u, v, local)
    if (!seen) local.fill(0)
    const x = local[0]
    const y = local[1]
    const z = local[2]
    const ox = local[3]
    const oy = local[4]
    const o = 3 * at
    directions[o] = r0 * x + r1 * y + r2 * z
    directions[o + 1] = r3 * x + r4 * y + r5 * z
    directions[o + 2] = r6 * x + r7 * y + r8 * z
    origins[o] = px + (r0 * ox + r1 * oy)
    origins[o + 1] = py + (r3 * ox + r4 * oy)
    origins[o + 2] = pz + (r6 * ox + r7 * oy)
    return seen ? -z : NaN
  }
}
