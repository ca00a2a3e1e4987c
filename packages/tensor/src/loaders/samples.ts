/** Batches of samples that are read one by one: sets too large for memory, such as those that Diorama makes. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import { sameShape, sizeOf } from '../graph/shape.ts'
import { type Batches, type BatchOptions, ordered } from './batches.ts'

/** Samples by index. A sample is arrays by name, of the same shapes in each: `{ image: f32 [3, 64, 64], depth: … }`. */
export interface Samples {
  readonly length: number
  get(index: number): Readonly<Record<string, NDArray>> | Promise<Readonly<Record<string, NDArray>>>
}

/** Batches of samples, stacked along a new first axis. The samples of a batch are read at once. */
export function sampleBatches(samples: Samples, options: BatchOptions): Batches<Readonly<Record<string, NDArray>>> {
  const places = ordered(samples.length, options)
  return {
    perEpoch: places.perEpoch,
    at: async (epoch, index) => {
      const { rows, mask } = places.at(epoch, index)
      // A row of padding repeats the last one: it is read once.
      const distinct = [...new Set(rows)]
      const read = new Map(await Promise.all(distinct.map(async i => [i, await samples.get(i)] as const)))
      const list = [...rows].map(i => read.get(i)!)
      const out = Object.fromEntries(
        Object.keys(list[0]!).map(name => [
          name,
          stackArrays(
            list.map((s, i) => s[name] ?? missing(name, rows[i]!)),
            name,
          ),
        ]),
      )
      return mask ? { ...out, mask } : out
    },
  }
}

/** Arrays of one shape along a new first axis. */
export function stackArrays(list: readonly NDArray[], name = 'the array'): NDArray {
  const first = list[0]!
  const n = sizeOf(first.shape)
  const data = new (first.data.constructor as new (n: number) => Float32Array)(n * list.length)
  list.forEach((a, i) => {
    if (a.dtype !== first.dtype || !sameShape(a.shape, first.shape))
      throw new TensorError(
        `"${name}" is ${first.dtype}[${first.shape.join(',')}] in one sample and ${a.dtype}[${a.shape.join(',')}] in another: bring all to one shape`,
      )
    data.set(a.data as Float32Array, i * n)
  })
  return { dtype: first.dtype, shape: [list.length, ...first.shape], data }
}

function missing(name: string, index: number): never {
  throw new TensorError(`sample ${index} has no "${name}", which other samples have`)
}
