/** Brown–Conrady distortion as OpenCV documents it. The inverse is numeric. */
import type { Lens } from './lens.ts'

const NEAR = 1e-3

export interface Distortion {
  readonly k: readonly number[]
  readonly p: readonly number[]
  readonly s: readonly number[]
}

type Point = readonly [number, number]

function distort({ k, p, s }: Distortion, x: number, y: number): Point {
  const r2 = x * x + y * y
  const radial = (1 + k[0]! * r2 + k[1]! * r2 * r2 + k[2]! * r2 * r2 * r2) / (1 + k[3]! * r2 + k[4]! * r2 * r2 + k[5]! * r2 * r2 * r2)
  return [
    x * radial + 2 * p[0]! * x * y + p[1]! * (r2 + 2 * x * x) + s[0]! * r2 + s[1]! * r2 * r2,
    y * radial + p[0]! * (r2 + 2 * y * y) + 2 * p[1]! * x * y + s[2]! * r2 + s[3]! * r2 * r2,
  ]
}

/** Newton's method with differences for derivatives, from where the radial factor at the distorted place leads. */
function undistort(d: Distortion, u: number, v: number): Point {
  const [a, b] = distort(d, u, v)
  const size = Math.sqrt(a * a + b * b)
  const start = size > 0 ? Math.sqrt(u * u + v * v) / size : 1
  let [x, y] = [u * start, v * start]
  const h = 1e-6
  for (let i = 0; i < 40; i++) {
    const [fx, fy] = distort(d, x, y)
    const [ex, ey] = [fx - u, fy - v]
    if (Math.abs(ex) + Math.abs(ey) < 1e-13) break
    const [xx, yx] = distort(d, x + h, y)
    const [xy, yy] = distort(d, x, y + h)
    const [j0, j1, j2, j3] = [(xx - fx) / h, (xy - fx) / h, (yx - fy) / h, (yy - fy) / h]
    const det = j0 * j3 - j1 * j2
    x -= (j3 * ex - j1 * ey) / det
    y -= (j0 * ey - j2 * ex) / det
  }
  return [x, y]
}

/** Radius of the undistorted image plane up to which the radial part grows; nothing beyond has an image. */
function reach(d: Distortion): number {
  const radial = (r: number) => distort({ ...d, p: [0, 0], s: [0, 0, 0, 0] }, r, 0)[0]
  let r = 0
  for (const step of [0.01, 1e-4, 1e-6]) while (r < 999 && radial(r + step) > radial(r)) r += step * (1 + r)
  return r
}

export function distorted(d: Distortion): Pick<Lens, 'image' | 'direction' | 'stretch'> {
  const end = reach(d)
  return {
    image(x, y, z) {
      const [a, b] = [-x / z, y / z]
      return -z > NEAR && Math.sqrt(a * a + b * b) < end ? distort(d, a, b) : [NaN, NaN]
    },
    direction(u, v) {
      const [a, b] = undistort(d, u, v)
      const n = Math.sqrt(a * a + b * b + 1)
      return [a / n, -b / n, -1 / n]
    },
    stretch: (x, y, z) => (2 * (x * x + y * y + z * z)) / (z * z),
  }
}
