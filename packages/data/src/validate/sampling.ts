/** Bilinear reading that refuses to mix objects, and means with their error. */
import type { Values } from './clip.ts'

/**
 * Value at raster (u, v) from the four pixel centres around it, into `out`. False when one is outside, or (with `ids`) not of object `id`.
 */
export function bilinear(layer: Values, u: number, v: number, out: Float64Array, ids?: ArrayLike<number>, id = 0): boolean {
  const { width, height, channels, data } = layer
  const x = u - 0.5
  const y = v - 0.5
  // Within rounding of the first or last centre is on it.
  const i = Math.min(Math.max(Math.floor(x), 0), width - 2)
  const j = Math.min(Math.max(Math.floor(y), 0), height - 2)
  const fx = x - i
  const fy = y - j
  if (!(fx >= -1e-6 && fx <= 1 + 1e-6 && fy >= -1e-6 && fy <= 1 + 1e-6)) return false
  const p = j * width + i
  if (ids && (ids[p] !== id || ids[p + 1] !== id || ids[p + width] !== id || ids[p + width + 1] !== id)) return false
  for (let c = 0; c < channels; c++) {
    const a = data[p * channels + c]!
    const b = data[(p + 1) * channels + c]!
    const d = data[(p + width) * channels + c]!
    const e = data[(p + width + 1) * channels + c]!
    out[c] = (a * (1 - fx) + b * fx) * (1 - fy) + (d * (1 - fx) + e * fx) * fy
  }
  return true
}

/**
 * `bilinear`, and a bound of what it may be off by: the largest second difference along rows and columns of the 4 × 4 centres around (u, v), which
 * bounds the error on any smooth surface, and is as large as the step where the surface breaks. NaN where one centre is outside or of another object.
 */
export function smooth(layer: Values, u: number, v: number, out: Float64Array, ids: ArrayLike<number>, id: number): number {
  const { width, height, channels, data } = layer
  const i = Math.floor(u - 0.5) - 1
  const j = Math.floor(v - 0.5) - 1
  if (!(i >= 0 && j >= 0 && i + 3 < width && j + 3 < height)) return NaN
  let bend = 0
  for (let y = 0; y < 4; y++)
    for (let x = 0; x < 4; x++) {
      const p = (j + y) * width + i + x
      if (ids[p] !== id) return NaN
      for (let c = 0; c < channels; c++) {
        const at = (q: number) => data[q * channels + c]!
        if (x < 2) bend = Math.max(bend, Math.abs(at(p) - 2 * at(p + 1) + at(p + 2)))
        if (y < 2) bend = Math.max(bend, Math.abs(at(p) - 2 * at(p + width) + at(p + 2 * width)))
      }
    }
  return bilinear(layer, u, v, out) ? bend : NaN
}

/** Sums for a mean and its standard error. */
export class Mean {
  n = 0
  private sum = 0
  private squares = 0

  add(x: number): void {
    this.n++
    this.sum += x
    this.squares += x * x
  }

  get mean(): number {
    return this.n === 0 ? 0 : this.sum / this.n
  }

  /** `clump`: neighbouring pixels that tell the same; n counts for n / clump. */
  error(clump: number): number {
    if (this.n < 2) return Infinity
    const variance = Math.max(0, this.squares / this.n - this.mean * this.mean)
    return Math.sqrt((variance * clump) / this.n)
  }
}

/** The same with weights. */
export class WeightedMean {
  n = 0
  private weight = 0
  private sum = 0
  private w2 = 0
  private w2x = 0
  private w2xx = 0

  add(x: number, w: number): void {
    this.n++
    this.weight += w
    this.sum += w * x
    this.w2 += w * w
    this.w2x += w * w * x
    this.w2xx += w * w * x * x
  }

  get mean(): number {
    return this.weight === 0 ? 0 : this.sum / this.weight
  }

  /** As `Mean.error`. */
  error(clump: number): number {
    if (this.n < 2) return Infinity
    const m = this.mean
    return Math.sqrt(Math.max(0, clump * (this.w2xx - 2 * m * this.w2x + m * m * this.w2))) / this.weight
  }
}
