/** Colours for layers that are not pictures. Arithmetic only. */
import type { Rgb } from './picture.ts'

/** Near to far: lightness falls evenly, hue goes from warm to cold. */
const NEAR_TO_FAR: readonly Rgb[] = [
  [253, 246, 200],
  [252, 205, 121],
  [243, 151, 92],
  [214, 98, 97],
  [164, 66, 113],
  [108, 47, 112],
  [58, 33, 92],
  [22, 18, 54],
]
export const NOTHING: Rgb = [28, 29, 34]

/** 0 is near, 1 is far. */
export function depthColour(x: number): Rgb {
  const at = Math.min(Math.max(x, 0), 1) * (NEAR_TO_FAR.length - 1)
  const k = Math.min(Math.floor(at), NEAR_TO_FAR.length - 2)
  const f = at - k
  const [a, b] = [NEAR_TO_FAR[k]!, NEAR_TO_FAR[k + 1]!]
  return [a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f, a[2] + (b[2] - a[2]) * f]
}

/** Hue 0…1, saturation and value 0…1. */
export function hsv(h: number, s: number, v: number): Rgb {
  const channel = (n: number) => {
    const k = (n + 6 * (h - Math.floor(h))) % 6
    return 255 * v * (1 - s * Math.max(0, Math.min(k, 4 - k, 1)))
  }
  return [channel(5), channel(3), channel(1)]
}

const DISTINCT: readonly Rgb[] = [
  [235, 94, 85],
  [72, 149, 239],
  [88, 196, 120],
  [250, 190, 70],
  [168, 113, 222],
  [64, 201, 201],
  [240, 128, 186],
  [160, 200, 60],
  [255, 148, 77],
  [110, 120, 230],
  [200, 160, 120],
  [120, 220, 170],
]

/** The k-th object's colour; after twelve, hues by the golden ratio. */
export const objectColour = (k: number): Rgb => DISTINCT[k] ?? hsv(k * 0.618033988749895, 0.62, 0.92)

/** Angle of (x, y) as a fraction of a turn, 0…1, within 0.001: enough for a colour. */
export function turns(x: number, y: number): number {
  const [ax, ay] = [Math.abs(x), Math.abs(y)]
  if (ax + ay === 0) return 0
  const r = Math.min(ax, ay) / Math.max(ax, ay)
  // atan(r) / 2π ≈ r / 8 + 0.0434 r (1 − r): exact at 0 and 1.
  const eighth = r * (0.125 + 0.0434 * (1 - r))
  const quarter = ay > ax ? 0.25 - eighth : eighth
  const half = x < 0 ? 0.5 - quarter : quarter
  return y < 0 ? 1 - half : half
}

/** White at rest; hue is the direction, saturation the speed (1 is full). */
export const flowColour = (u: number, v: number): Rgb => hsv(turns(u, v), Math.min(1, Math.sqrt(u * u + v * v)), 1)
