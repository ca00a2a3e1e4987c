/** u = cx + fx·longitude, v = cy − fy·latitude. The left and right edges of the picture are the same meridian, behind the camera. */
import { asin, atan2, cos, sin } from '../maths/portable.ts'
import { type Intrinsics, NEAR, type Projection } from './lens.ts'

export function equirectangular({ fx, fy, cx, cy }: Intrinsics): Projection {
  return {
    axial: false,
    maxAngle: Math.PI,
    project(x, y, z, out) {
      const r = Math.sqrt(x * x + y * y + z * z)
      if (!(r > NEAR)) return false
      const level = Math.sqrt(x * x + z * z)
      // Each arc function where it is well conditioned: near the horizon the sine, near the poles the tangent.
      const latitude = Math.abs(y) < 0.7 * r ? asin(y / r) : atan2(y, level)
      out[0] = cx + fx * (level === 0 ? 0 : atan2(x, -z))
      out[1] = cy - fy * latitude
      return true
    },
    ray(u, v, out) {
      const longitude = (u - cx) / fx
      const latitude = -(v - cy) / fy
      const level = cos(latitude)
      out[0] = level * sin(longitude)
      out[1] = sin(latitude)
      out[2] = -level * cos(longitude)
      out[3] = out[4] = out[5] = 0
      return true
    },
  }
}
