/** A cheap camera in code, which makes the target look out of linear light: what is photographed stays as it is. */
import type { Key } from '@dioramic/scene'
import { portable } from '@dioramic/scene'

export interface Camera {
  /** Of each channel: a lamp's light taken for daylight. */
  readonly gains: readonly [number, number, number]
  /** Stops, and how far they differ from picture to picture. */
  readonly exposure: number
  readonly spread: number
  /** Deviation of the lens's blur, pixels. */
  readonly blur: number
  /** Light lost in the corners. */
  readonly vignette: number
  /** Noise of a pixel: √(read² + shot·light). */
  readonly read: number
  readonly shot: number
  /** Share of colour that is lost. */
  readonly fade: number
}

export const CHEAP: Camera = {
  gains: [1.3, 1, 0.55],
  exposure: -0.3,
  spread: 0.5,
  blur: 0.7,
  vignette: 0.55,
  read: 0.01,
  shot: 0.004,
  fade: 0.55,
}

/** A photograph [3, height, width] in −1 … 1 of linear light [height, width, 3]. */
export function photograph(light: Float32Array, height: number, width: number, key: Key, c: Camera = CHEAP): Float32Array {
  const area = height * width
  const stops = c.exposure + c.spread * key.fork('stops').uniform(-1, 1)
  const exposure = portable.pow(2, stops)
  const sharp = Array.from({ length: 3 }, (_, k) =>
    Float32Array.from({ length: area }, (_, i) => {
      const [y, x] = [(Math.floor(i / width) + 0.5) / height - 0.5, ((i % width) + 0.5) / width - 0.5]
      return light[3 * i + k]! * c.gains[k]! * exposure * (1 - c.vignette * 2 * (x * x + y * y))
    }),
  )
  const seen = sharp.map(plane => blurred(plane, height, width, c.blur))
  const draws = key.fork('noise')
  const grain = Float64Array.from(draws.uniforms(6 * area))
  const out = new Float32Array(3 * area)
  for (let i = 0; i < area; i++) {
    const rgb = seen.map((plane, k) => {
      // Box–Muller.
      const [u, v] = [grain[2 * (3 * i + k)]!, grain[2 * (3 * i + k) + 1]!]
      const normal = Math.sqrt(-2 * portable.log(1 - u)) * portable.cos(2 * Math.PI * v)
      return Math.max(0, plane[i]! + normal * Math.sqrt(c.read * c.read + c.shot * plane[i]!))
    })
    const grey = 0.2126 * rgb[0]! + 0.7152 * rgb[1]! + 0.0722 * rgb[2]!
    rgb.forEach((v, k) => {
      const faded = v + c.fade * (grey - v)
      // A harsh film: an S-curve over the display's own.
      const shown = portable.pow(Math.min(1, Math.max(0, faded)), 1 / 2.2)
      const curved = shown * shown * (3 - 2 * shown)
      out[k * area + i] = (2 * Math.round(255 * curved)) / 255 - 1
    })
  }
  return out
}

/** A Gaussian of 5 × 5 pixels; edges repeat. */
function blurred(plane: Float32Array, height: number, width: number, deviation: number): Float32Array {
  const weights = [-2, -1, 0, 1, 2].map(d => portable.exp((-d * d) / (2 * deviation * deviation)))
  const total = weights.reduce((a, b) => a + b)
  const pass = (from: Float32Array, dy: number, dx: number) =>
    from.map((_, i) => {
      const [y, x] = [Math.floor(i / width), i % width]
      let sum = 0
      weights.forEach((w, k) => {
        const [v, u] = [Math.max(0, Math.min(height - 1, y + (k - 2) * dy)), Math.max(0, Math.min(width - 1, x + (k - 2) * dx))]
        sum += w * from[v * width + u]!
      })
      return sum / total
    })
  return pass(pass(plane, 0, 1), 1, 0)
}
