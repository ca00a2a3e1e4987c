/** Batches for a refiner. */
import { type Batches, f32, fillUniform, type Key, type NDArray } from '@dioramic/tensor'
import { GanError } from '../error.ts'
import type { Planes } from './planes.ts'

export interface PairOptions {
  /** What is cut from each picture at a random place. */
  readonly height: number
  readonly width: number
  /** Pairs of a batch. Default 16. */
  readonly size?: number
  readonly key: Key
}

/**
 * Batches { x: [size, 2 · channels, height, width] }: a target picture, and a render that has nothing to do with it. Both are mirrored at random.
 * @throws GanError where there are no pictures, or one is too small to cut from
 */
export function refinerPairs(
  targets: readonly Planes[],
  renders: readonly Planes[],
  { height, width, size = 16, key }: PairOptions,
): Batches<{ readonly x: NDArray }> {
  for (const [name, list] of [
    ['target', targets],
    ['render', renders],
  ] as const) {
    if (list.length === 0) throw new GanError(`refining needs ${name} pictures, and there are none`)
    const small = list.findIndex(p => p.height < height || p.width < width)
    if (small >= 0)
      throw new GanError(
        `${name} picture ${small} is ${list[small]!.width} × ${list[small]!.height}, less than the ${width} × ${height} that the refiner is trained on`,
      )
  }
  const [a, b] = [targets[0]!, renders[0]!]
  const channels = a.data.length / (a.height * a.width)
  if (b.data.length / (b.height * b.width) !== channels)
    throw new GanError('target pictures and renders have different numbers of channels')
  const area = height * width
  const at = (index: number) => {
    const x = new Float32Array(size * 2 * channels * area)
    for (let i = 0; i < size; i++) {
      const k = key.fork(index).fork(i)
      cut(k.fork('target'), targets, x, 2 * i * channels * area)
      cut(k.fork('render'), renders, x, (2 * i + 1) * channels * area)
    }
    return { x: f32(x, [size, 2 * channels, height, width]) }
  }
  const perEpoch = Math.max(1, Math.floor(Math.max(targets.length, renders.length) / size))
  return { perEpoch, at: (epoch, index) => at(epoch * perEpoch + index) }

  function cut(k: Key, list: readonly Planes[], out: Float32Array, to: number): void {
    const draws = new Float32Array(4)
    fillUniform(draws, k.words)
    const [u, v, w, m] = draws as unknown as [number, number, number, number]
    const picture = list[Math.floor(u * list.length)]!
    const [top, left] = [Math.floor(v * (picture.height - height + 1)), Math.floor(w * (picture.width - width + 1))]
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < height; y++) {
        const row = (c * picture.height + top + y) * picture.width + left
        for (let x = 0; x < width; x++) out[to + c * area + y * width + x] = picture.data[row + (m < 0.5 ? x : width - 1 - x)]!
      }
  }
}
