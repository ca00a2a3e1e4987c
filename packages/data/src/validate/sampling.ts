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

/** A weighted mean of what comes in runs. Values of one run are off together, so a run counts as one value of its mean weight, however long it is. */
export class MeanOfRuns {
  n = 0
  private readonly found = new Map<number, { n: number; weight: number; sum: number }>()

  add(x: number, w: number, run: number): void {
    this.n++
    const known = this.found.get(run) ?? { n: 0, weight: 0, sum: 0 }
    this.found.set(run, { n: known.n + 1, weight: known.weight + w, sum: known.sum + w * x })
  }

  get runs(): number {
    return this.found.size
  }

  get mean(): number {
    let [weight, sum] = [0, 0]
    for (const run of this.found.values()) {
      weight += run.weight / run.n
      sum += run.sum / run.n
    }
    return weight === 0 ? 0 : sum / weight
  }

  /** Standard error. */
  get error(): number {
    if (this.runs < 2) return Infinity
    const mean = this.mean
    let [weight, squares] = [0, 0]
    for (const run of this.found.values()) {
      const off = (run.sum - mean * run.weight) / run.n
      weight += run.weight / run.n
      squares += off * off
    }
    return Math.sqrt(squares) / weight
  }
}
