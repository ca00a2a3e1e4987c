/** Pictures as arrays [N, C, H, W], and small changes of them that do not change what they show. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import { drawInts } from '../random/draw.ts'
import type { Key } from '../random/key.ts'

export interface ImageOptions {
  /** The axis of channels in the input, which comes last (`last`), first (`first`) or not at all (`none`). Default `last` for rank 4, `none` for rank 3. */
  readonly channels?: 'first' | 'last' | 'none'
  /** Values are divided by this: 255 for bytes. Default 1. */
  readonly divide?: number
  /** Then this is taken off … */
  readonly mean?: number
  /** … and the rest divided by this. */
  readonly deviation?: number
}

/** Pictures [N, H, W] or [N, H, W, C] of any number type as f32 [N, C, H, W]. */
export function imagesOf(a: NDArray, options: ImageOptions = {}): NDArray {
  const { channels = a.shape.length === 3 ? 'none' : 'last', divide = 1, mean = 0, deviation = 1 } = options
  if (a.shape.length !== (channels === 'none' ? 3 : 4))
    throw new TensorError(`pictures are [N, H, W] or [N, H, W, C], not [${a.shape.join(',')}]`)
  const [n, x, y, z = 1] = a.shape as [number, number, number, number?]
  const [c, h, w] = channels === 'first' ? [x, y, z] : [z, x, y]
  const data = new Float32Array(a.data.length)
  for (let i = 0, at = 0; i < n; i++)
    for (let k = 0; k < c; k++)
      for (let p = 0; p < h * w; p++, at++) {
        const from = channels === 'first' ? at : (i * h * w + p) * c + k
        data[at] = (Number(a.data[from]) / divide - mean) / deviation
      }
  return { dtype: 'f32', shape: [n, c, h, w], data }
}

export interface JitterOptions {
  /** Moves each picture by up to so many pixels along each axis; what comes in from outside is 0. */
  readonly shift?: number
  /** Mirrors half of them left to right. */
  readonly flip?: boolean
}

/** Pictures [N, C, H, W], each moved and mirrored at random: the same key does the same. */
export function jitter(a: NDArray, key: Key, { shift = 0, flip = false }: JitterOptions): NDArray {
  const [n, c, h, w] = a.shape as [number, number, number, number]
  const draws = new Float64Array(n * 2)
  drawInts(draws, key.fork('shift').words, -shift, shift + 1)
  const mirrored = new Float64Array(n)
  drawInts(mirrored, key.fork('flip').words, 0, 2)
  const data = new Float32Array(a.data.length)
  for (let i = 0; i < n; i++) {
    const [dy, dx] = [draws[2 * i]!, draws[2 * i + 1]!]
    for (let k = 0; k < c; k++)
      for (let row = 0; row < h; row++)
        for (let column = 0; column < w; column++) {
          const y = row - dy
          const x = (flip && mirrored[i] === 1 ? w - 1 - column : column) - dx
          if (y >= 0 && y < h && x >= 0 && x < w)
            data[((i * c + k) * h + row) * w + column] = a.data[((i * c + k) * h + y) * w + x] as number
        }
  }
  return { dtype: 'f32', shape: a.shape, data }
}
