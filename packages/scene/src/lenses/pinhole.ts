/** u = cx + fx·x/(−z), v = cy − fy·y/(−z). */
import { type Intrinsics, NEAR, type Projection } from './lens.ts'

export function pinhole({ fx, fy, cx, cy }: Intrinsics): Projection {
  return {
    axial: true,
    maxAngle: Math.PI / 2,
    project(x, y, z, out) {
      const d = -z
      if (!(d > NEAR)) return false
      out[0] = cx + (fx * x) / d
      out[1] = cy - (fy * y) / d
      return true
    },
    ray(u, v, out) {
      out[0] = (u - cx) / fx
      out[1] = -(v - cy) / fy
      out[2] = -1
      out[3] = out[4] = out[5] = 0
      return true
    },
  }
}
