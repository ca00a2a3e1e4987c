/** Raster radius θd(θ), a polynomial of the angle from the optical axis: the equidistant fisheye and Kannala–Brandt's, as `cv2.fisheye`. */
import { atan2, cos, sin } from '../maths/portable.ts'
import { type Fisheye, type Intrinsics, NEAR, type Projection } from './lens.ts'
import { firstRoot, solveMonotone } from './roots.ts'

const angles = new WeakMap<Fisheye, number>()

export function fisheye({ fx, fy, cx, cy }: Intrinsics, lens: Fisheye): Projection {
  const [k1, k2, k3, k4] = lens.k as [number, number, number, number]
  const radius = (a: number): number => {
    const s = a * a
    return a * (1 + s * (k1 + s * (k2 + s * (k3 + s * k4))))
  }
  const slope = (a: number): number => {
    const s = a * a
    return 1 + s * (3 * k1 + s * (5 * k2 + s * (7 * k3 + s * 9 * k4)))
  }
  // Past its first turning point the polynomial folds back: the model means nothing there.
  const maxAngle = angles.get(lens) ?? firstRoot(slope, Math.PI)
  angles.set(lens, maxAngle)
  const maxRadius = radius(maxAngle)
  return {
    axial: false,
    maxAngle,
    project(x, y, z, out) {
      const r = Math.sqrt(x * x + y * y)
      if (!(Math.sqrt(r * r + z * z) > NEAR)) return false
      const angle = atan2(r, -z)
      if (angle > maxAngle || (r === 0 && z > 0)) return false
      const s = r === 0 ? 0 : radius(angle) / r
      out[0] = cx + fx * x * s
      out[1] = cy - fy * y * s
      return true
    },
    ray(u, v, out) {
      const x = (u - cx) / fx
      const y = -(v - cy) / fy
      const r = Math.sqrt(x * x + y * y)
      if (r > maxRadius) return false
      const angle = solveMonotone(radius, slope, r, maxAngle)
      const s = r === 0 ? 0 : sin(angle) / r
      out[0] = x * s
      out[1] = y * s
      out[2] = -cos(angle)
      out[3] = out[4] = out[5] = 0
      return true
    },
  }
}
