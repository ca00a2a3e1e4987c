/** u = cx + fx·x, v = cy − fy·y, fx and fy in pixels a metre. Rays are parallel to the optical axis and start on the camera's plane. */
import { type Intrinsics, NEAR, type Projection } from './lens.ts'

export function orthographic({ fx, fy, cx, cy }: Intrinsics): Projection {
  return {
    axial: true,
    maxAngle: 0,
    project(x, y, z, out) {
      if (!(-z > NEAR)) return false
      out[0] = cx + fx * x
      out[1] = cy - fy * y
      return true
    },
    ray(u, v, out) {
      out[0] = out[1] = out[5] = 0
      out[2] = -1
      out[3] = (u - cx) / fx
      out[4] = -(v - cy) / fy
      return true
    },
  }
}
