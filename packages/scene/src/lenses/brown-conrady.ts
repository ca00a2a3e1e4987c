/** A pinhole whose image plane is distorted, as OpenCV defines it: x, y → radial factor, tangential and thin-prism shifts. */
import { atan2 } from '../maths/portable.ts'
import { type BrownConrady, type Intrinsics, NEAR, type Projection } from './lens.ts'
import { firstRoot, solveMonotone } from './roots.ts'

const opens = new WeakMap<BrownConrady, number>()

export function brownConrady({ fx, fy, cx, cy }: Intrinsics, lens: BrownConrady): Projection {
  const [k1, k2, k3, k4, k5, k6] = lens.k as [number, number, number, number, number, number]
  const [p1, p2] = lens.p as [number, number]
  const [s1, s2, s3, s4] = lens.s as [number, number, number, number]
  const above = (s: number) => 1 + s * (k1 + s * (k2 + s * k3))
  const below = (s: number) => 1 + s * (k4 + s * (k5 + s * k6))
  /** Derivative of the factor by r². */
  const bend = (s: number) => {
    const b = below(s)
    return ((k1 + s * (2 * k2 + s * 3 * k3)) * b - above(s) * (k4 + s * (2 * k5 + s * 3 * k6))) / (b * b)
  }
  const factor = (s: number) => above(s) / below(s)
  const radius = (r: number) => r * factor(r * r)
  const slope = (r: number) => factor(r * r) + 2 * r * r * bend(r * r)
  // The radial part is one-to-one up to the first turning point or pole, sought over the half-space by r = a / (1 − a).
  const open =
    opens.get(lens) ??
    firstRoot(a => {
      const r = a / (1 - a)
      return below(r * r) > 0 ? slope(r) : -1
    }, 0.999)
  opens.set(lens, open)
  const maxR = open / (1 - open)
  const maxRadius = radius(maxR)

  // Distorted place and Jacobian at (x, y); y is down.
  let dx = 0
  let dy = 0
  let xx = 1
  let xy = 0
  let yx = 0
  let yy = 1
  const distort = (x: number, y: number): void => {
    const s = x * x + y * y
    const f = factor(s)
    const g = 2 * bend(s)
    const u = s1 + 2 * s2 * s
    const v = s3 + 2 * s4 * s
    dx = x * f + 2 * p1 * x * y + p2 * (s + 2 * x * x) + s * (s1 + s * s2)
    dy = y * f + p1 * (s + 2 * y * y) + 2 * p2 * x * y + s * (s3 + s * s4)
    xx = f + g * x * x + 2 * p1 * y + 6 * p2 * x + 2 * x * u
    xy = g * x * y + 2 * p1 * x + 2 * p2 * y + 2 * y * u
    yx = g * x * y + 2 * p1 * x + 2 * p2 * y + 2 * x * v
    yy = f + g * y * y + 6 * p1 * y + 2 * p2 * x + 2 * y * v
  }
  return {
    axial: true,
    maxAngle: atan2(maxR, 1),
    project(x, y, z, out) {
      const d = -z
      if (!(d > NEAR)) return false
      const a = x / d
      const b = -y / d
      if (a * a + b * b > maxR * maxR) return false
      distort(a, b)
      if (!(xx * yy - xy * yx > 0)) return false
      out[0] = cx + fx * dx
      out[1] = cy + fy * dy
      return true
    },
    ray(u, v, out) {
      const a = (u - cx) / fx
      const b = (v - cy) / fy
      const r = Math.sqrt(a * a + b * b)
      // The radial part exactly, then Newton for the shifts.
      const start = r === 0 ? 1 : solveMonotone(radius, slope, Math.min(r, maxRadius), maxR) / r
      let x = a * start
      let y = b * start
      for (let i = 0; i < 50; i++) {
        distort(x, y)
        const ex = dx - a
        const ey = dy - b
        const det = xx * yy - xy * yx
        if (!(det > 0)) return false
        const hx = (yy * ex - xy * ey) / det
        const hy = (xx * ey - yx * ex) / det
        x -= hx
        y -= hy
        if (!(Math.abs(hx) + Math.abs(hy) > 1e-15 * (1 + Math.abs(x) + Math.abs(y)))) break
      }
      distort(x, y)
      if (!(Math.abs(dx - a) + Math.abs(dy - b) < 1e-10 * (1 + r)) || x * x + y * y > maxR * maxR || !(xx * yy - xy * yx > 0)) return false
      out[0] = x
      out[1] = -y
      out[2] = -1
      out[3] = out[4] = out[5] = 0
      return true
    },
  }
}
