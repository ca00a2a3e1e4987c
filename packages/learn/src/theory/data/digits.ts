/** Digits drawn on the spot: ten figures of strokes, moved, turned, sheared, stretched and smudged. A small classification task that needs no download. */
import type { Key } from '@dioramic/tensor'
import { normals, uniforms } from '../algebra/random.ts'

type Point = readonly [x: number, y: number]

/** Points of an arc from one angle to another, in turns; y runs downwards. */
const arc = (x: number, y: number, rx: number, ry: number, from: number, to: number): Point[] =>
  Array.from({ length: 13 }, (_, i) => {
    const a = 2 * Math.PI * (from + (i / 12) * (to - from))
    return [x + rx * Math.cos(a), y + ry * Math.sin(a)]
  })

/** Strokes of each digit in the unit square. */
const STROKES: readonly (readonly (readonly Point[])[])[] = [
  [arc(0.5, 0.5, 0.24, 0.38, 0, 1)],
  [[[0.36, 0.26], [0.54, 0.12], [0.54, 0.88]]],
  [[...arc(0.5, 0.33, 0.23, 0.21, 0.5, 1.08), [0.27, 0.87], [0.76, 0.87]]],
  [[...arc(0.47, 0.31, 0.22, 0.19, 0.58, 1.25), ...arc(0.47, 0.69, 0.25, 0.19, 0.75, 1.42)]],
  [[[0.6, 0.88], [0.6, 0.12], [0.24, 0.64], [0.8, 0.64]]],
  [[[0.74, 0.13], [0.34, 0.13], [0.31, 0.46], ...arc(0.48, 0.65, 0.25, 0.22, 0.7, 1.4)]],
  [[[0.64, 0.12], [0.36, 0.44], ...arc(0.5, 0.66, 0.22, 0.21, 0.55, 1.55)]],
  [[[0.25, 0.13], [0.76, 0.13], [0.42, 0.88]]],
  [arc(0.5, 0.31, 0.19, 0.18, 0.25, 1.25), arc(0.5, 0.69, 0.23, 0.19, 0.75, 1.75)],
  [[...arc(0.5, 0.34, 0.22, 0.21, 0.05, 1.05), [0.7, 0.45], [0.55, 0.88]]],
] // biome-ignore format: figures

export interface DigitOptions {
  /** Pixels along an edge. Default 8. */
  readonly size?: number
  /** Deviation of the noise on a pixel. Default 0.08. */
  readonly noise?: number
  /** How far figures are moved, turned and stretched, 1 as a hand would. Default 1. */
  readonly spread?: number
}

export interface LabelledRows {
  /** Numbers of each sample. */
  readonly x: readonly Float64Array[]
  readonly y: Int32Array
  readonly classes: number
  /** Shape of a sample. */
  readonly shape: readonly number[]
}

/** `count` digits of size × size pixels in [0, 1], the classes in turn; sample i depends on the key and i alone. */
export function drawnDigits(count: number, key: Key, { size = 8, noise = 0.08, spread = 1 }: DigitOptions = {}): LabelledRows {
  const y = Int32Array.from({ length: count }, (_, i) => i % 10)
  const x = Array.from(y, (digit, i) => draw(digit, key.fork(i), size, noise, spread))
  return { x, y, classes: 10, shape: [size, size] }
}

function draw(digit: number, key: Key, size: number, noise: number, spread: number): Float64Array {
  const [turn, shear, wide, high, dx, dy, pen, ink] = normals(key.fork('place'), 8).map(
    v => Math.max(-2.5, Math.min(2.5, v)) * spread,
  ) as unknown as number[]
  const a = 0.13 * turn!
  const [c, s] = [Math.cos(a), Math.sin(a)]
  const place = ([px, py]: Point): Point => {
    const u = (px - 0.5) * (1 + 0.12 * wide!) + 0.15 * shear! * (0.5 - py)
    const v = (py - 0.5) * (1 + 0.08 * high!)
    return [0.5 + 0.05 * dx! + c * u - s * v, 0.5 + 0.04 * dy! + s * u + c * v]
  }
  const strokes = STROKES[digit]!.map(stroke => stroke.map(place))
  const width = Math.max(0.035, 0.062 + 0.012 * pen!)
  const strength = Math.max(0.6, Math.min(1, 0.92 + 0.08 * ink!))
  const grain = normals(key.fork('noise'), size * size)
  const blur = 0.5 / size
  return Float64Array.from({ length: size * size }, (_, k) => {
    const p: Point = [((k % size) + 0.5) / size, (Math.floor(k / size) + 0.5) / size]
    let nearest = Infinity
    for (const stroke of strokes)
      for (let i = 1; i < stroke.length; i++) nearest = Math.min(nearest, toSegment(p, stroke[i - 1]!, stroke[i]!))
    // Coverage of a pixel by a pen of this width: a ramp as wide as a pixel.
    const cover = Math.max(0, Math.min(1, (width + blur - nearest) / (2 * blur)))
    return Math.max(0, Math.min(1, strength * cover + noise * grain[k]!))
  })
}

function toSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [u, v] = [bx - ax, by - ay]
  const length = u * u + v * v
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * u + (y - ay) * v) / length))
  return Math.hypot(x - ax - t * u, y - ay - t * v)
}

/** Rows at given places. */
export const rowsAt = (of: LabelledRows, places: ArrayLike<number>): LabelledRows => ({
  ...of,
  x: Array.from(places, i => of.x[i]!),
  y: Int32Array.from(places, i => of.y[i]!),
})

/** The same samples with labels drawn uniformly: nothing to learn but the samples themselves (Zhang et al. 2017). */
export const randomLabels = (of: LabelledRows, key: Key): LabelledRows => ({
  ...of,
  y: Int32Array.from(uniforms(key, of.y.length), u => Math.min(of.classes - 1, Math.floor(u * of.classes))),
})
