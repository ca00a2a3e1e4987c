/** Environment maps in the kernel: RGB9E5 pixels and the table that light sampling inverts. */
import { type HdrImage, portable } from '@dioramic/scene'
import { RenderError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import * as L from './layout.ts'

/** Largest value of RGB9E5 (511/512 · 2^16) and the share of it that the brightest texel is scaled to. */
const RGB9E5_MAX = 65408

/** Packs non-negative linear RGB into 32 bits with a shared exponent (GL_EXT_texture_shared_exponent); relative error of the largest channel ≤ 1/1024. */
export function packRgb9e5(r: number, g: number, b: number): number {
  const most = Math.min(RGB9E5_MAX, Math.max(r, g, b))
  if (!(most > 0)) return 0
  // Exponent of the power of two above `most`, by exact halving and doubling.
  let exponent = 0
  let scaled = most
  while (scaled >= 1 && exponent < 16) {
    scaled /= 2
    exponent++
  }
  while (scaled < 0.5 && exponent > -15) {
    scaled *= 2
    exponent--
  }
  const unit = (2 << 29) / (1 << 21) // 512
  let scale = unit
  for (let i = 0; i < exponent; i++) scale /= 2
  for (let i = 0; i > exponent; i--) scale *= 2
  if (Math.floor(most * scale + 0.5) === 512) {
    exponent++
    scale /= 2
  }
  const q = (x: number) => Math.min(511, Math.floor(Math.min(RGB9E5_MAX, Math.max(0, x)) * scale + 0.5))
  return (((exponent + 15) << 27) | (q(b) << 18) | (q(g) << 9) | q(r)) >>> 0
}

/** What `unpack` makes of it; the kernel does the same. */
export function unpackRgb9e5(p: number): readonly [number, number, number] {
  let scale = 1 / 16777216
  for (let i = 0; i < p >>> 27; i++) scale *= 2
  return [(p & 511) * scale, ((p >>> 9) & 511) * scale, ((p >>> 18) & 511) * scale]
}

/** Table sizes: fine enough for a sun's disk, small enough for the cache. */
const TABLE_WIDTH = 1024
const TABLE_HEIGHT = 512

/** Integral of max(0, 1 − |t|) from −∞ to `t`. */
function hatBelow(t: number): number {
  if (t <= -1) return 0
  if (t >= 1) return 1
  return t < 0 ? 0.5 * (t + 1) * (t + 1) : 1 - 0.5 * (1 - t) * (1 - t)
}

/** What each texel of a row of `texels` counts for in the means that the linear interpolant has over `cells` equal stretches: first texel (before the row's start, perhaps) and weights. */
function cellWeights(texels: number, cells: number): { first: number; weights: number[] }[] {
  const step = texels / cells
  return Array.from({ length: cells }, (_, i) => {
    const [from, to] = [i * step, (i + 1) * step]
    const first = Math.floor(from - 0.5)
    const last = Math.ceil(to + 0.5) - 1
    const weights = Array.from({ length: last - first + 1 }, (_, k) => {
      const centre = first + k + 0.5
      return (hatBelow(to - centre) - hatBelow(from - centre)) / step
    })
    return { first, weights }
  })
}

/**
 * Mean luminance of the picture over each cell of the table, as bilinear look-ups see it: a lamp of one texel shines into its neighbours. Were these sampled by their own
 * texels alone, light of any strength would lie where hardly a sample goes.
 */
function cellMeans({ width, height, data }: HdrImage, cellsX: number, cellsY: number): Float64Array {
  const across = cellWeights(width, cellsX)
  const down = cellWeights(height, cellsY)
  const row = new Float64Array(width)
  const narrow = new Float64Array(height * cellsX)
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width * 3; x < width; x++, i += 3) row[x] = 0.2126 * data[i]! + 0.7152 * data[i + 1]! + 0.0722 * data[i + 2]!
    for (let i = 0; i < cellsX; i++) {
      const { first, weights } = across[i]!
      let sum = 0
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * row[(first + k + width) % width]!
      narrow[y * cellsX + i] = sum
    }
  }
  const cells = new Float64Array(cellsX * cellsY)
  for (let j = 0; j < cellsY; j++) {
    const { first, weights } = down[j]!
    for (let k = 0; k < weights.length; k++) {
      const y = Math.min(height - 1, Math.max(0, first + k))
      for (let i = 0; i < cellsX; i++) cells[j * cellsX + i] = cells[j * cellsX + i]! + weights[k]! * narrow[y * cellsX + i]!
    }
  }
  return cells
}

/**
 * Cumulative sums for sampling: rows (height + 1) and columns of each row (width + 1), from luminance above the mean times solid angle
 * (MIS compensation, Karlík et al. 2019); plain luminance where almost nothing is above the mean.
 */
export function samplingTable(image: HdrImage): { width: number; height: number; rows: Float32Array; columns: Float32Array; mean: number } {
  const width = Math.min(TABLE_WIDTH, image.width)
  const height = Math.min(TABLE_HEIGHT, image.height)
  const cells = cellMeans(image, width, height)
  const sines = Float64Array.from({ length: height }, (_, j) => portable.sin((Math.PI * (j + 0.5)) / height))
  let total = 0
  let weight = 0
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) total += cells[j * width + i]! * sines[j]!
    weight += width * sines[j]!
  }
  const mean = total / weight
  const build = (floor: number) => {
    const rows = new Float32Array(height + 1)
    const columns = new Float32Array(height * (width + 1))
    const sums = new Float64Array(height)
    let all = 0
    for (let j = 0; j < height; j++) {
      let s = 0
      for (let i = 0; i < width; i++) s += Math.max(0, cells[j * width + i]! - floor)
      const at = j * (width + 1)
      let run = 0
      for (let i = 0; i < width; i++) {
        run += Math.max(0, cells[j * width + i]! - floor)
        columns[at + i + 1] = s > 0 ? run / s : 0
      }
      if (s > 0) columns[at + width] = 1
      sums[j] = s * sines[j]!
      all += sums[j]!
    }
    let run = 0
    for (let j = 0; j < height; j++) {
      run += sums[j]!
      rows[j + 1] = all > 0 ? run / all : 0
    }
    if (all > 0) rows[height] = 1
    return { rows, columns, all }
  }
  let table = build(mean)
  if (table.all < 0.02 * total) table = build(0)
  return { width, height, rows: table.rows, columns: table.columns, mean }
}

export interface UploadedEnvironment {
  /** Address of the record. */
  readonly at: number
  /** Mean luminance before `strength`. */
  readonly mean: number
}

/** Puts a map into the kernel; `sampled` maps get a table. The record's scale is written by `setStrength`. */
export function uploadEnvironment(
  kernel: Kernel,
  image: HdrImage,
  what: string,
  sampled: boolean,
): UploadedEnvironment & { readonly scale: number } {
  const { width, height, data } = image
  if (data.length !== width * height * 3 || width < 1 || height < 1) {
    throw new RenderError(`${what} is ${width} × ${height} but has ${data.length} numbers; linear RGB needs ${width * height * 3}.`)
  }
  let most = 0
  for (let i = 0; i < data.length; i++) {
    const x = data[i]!
    if (!(x >= 0 && x < Infinity))
      throw new RenderError(
        `${what} has the value ${x} at pixel ${Math.floor(i / 3) % width}, ${Math.floor(i / 3 / width)}. Radiance must be finite and ≥ 0.`,
      )
    if (x > most) most = x
  }
  // Brighter than the format allows (a sun's disk): scale by a power of two.
  let scale = 1
  while (most / scale > RGB9E5_MAX) scale *= 2
  const at = kernel.alloc(L.ENV_BYTES, what)
  const pixels = kernel.alloc(width * height * 4, what)
  for (let i = 0, p = pixels >>> 2; i < data.length; i += 3, p++) {
    kernel.u32[p] = packRgb9e5(data[i]! / scale, data[i + 1]! / scale, data[i + 2]! / scale)
  }
  kernel.setU32(at + L.ENV_PIXELS, pixels)
  kernel.setU32(at + L.ENV_WIDTH, width)
  kernel.setU32(at + L.ENV_HEIGHT, height)
  if (!sampled) return { at, mean: 0, scale }
  const table = samplingTable(image)
  const rows = kernel.put(table.rows, what)
  const columns = kernel.put(table.columns, what)
  kernel.setU32(at + L.ENV_TABLE_WIDTH, table.width)
  kernel.setU32(at + L.ENV_TABLE_HEIGHT, table.height)
  kernel.setU32(at + L.ENV_ROWS, rows)
  kernel.setU32(at + L.ENV_COLUMNS, columns)
  return { at, mean: table.mean, scale }
}
