/** Batches as a function of where a run stands: nothing is remembered, so a run resumes at any batch by its number alone. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import { sizeOf } from '../graph/shape.ts'
import { flatten, mapTree, type Tree } from '../graph/tree.ts'
import { drawPermutation } from '../random/draw.ts'
import type { Key } from '../random/key.ts'

/** What a training loop reads. `at` gives the same batch for the same place, always. */
export interface Batches<B = Tree<NDArray>> {
  /** Batches of an epoch. */
  readonly perEpoch: number
  at(epoch: number, index: number): B | Promise<B>
}

export interface BatchOptions {
  /** Rows of a batch. */
  readonly size: number
  /** Shuffles the rows anew in each epoch. Absent: they come in order. */
  readonly key?: Key
  /**
   * A last batch with fewer rows: `drop` leaves it out, `pad` fills it with its last row; then every batch has a `mask` (bool [size]) that is false where a row is only padding.
   * By default `drop` when shuffled, `pad` when not.
   */
  readonly last?: 'drop' | 'pad'
}

/** Batches of equal arrays are given as objects. */
export type Columns = { readonly [name: string]: NDArray }

/** Batches of arrays that have one first axis: rows are drawn from all of them alike. */
export function batches<C extends Columns>(columns: C, options: BatchOptions): Batches<C & { readonly mask?: NDArray }> {
  const { list, paths } = flatten<NDArray>(columns as Tree<NDArray>)
  if (list.length === 0) throw new TensorError('batches: no arrays')
  const n = list[0]!.shape[0] ?? 0
  list.forEach((a, i) => {
    if (a.shape.length === 0 || a.shape[0] !== n)
      throw new TensorError(`batches: "${paths[i]}" has ${a.shape[0] ?? 'no'} rows, "${paths[0]}" has ${n}`)
  })
  const places = ordered(n, options)
  return {
    perEpoch: places.perEpoch,
    at: (epoch, index) => {
      const { rows, mask } = places.at(epoch, index)
      return { ...mapTree<C, NDArray, NDArray>(columns, a => takeRows(a, rows)), ...(mask ? { mask } : {}) } as C & { mask?: NDArray }
    },
  }
}

/** Rows of an array along its first axis, by index. */
export function takeRows(a: NDArray, rows: ArrayLike<number>): NDArray {
  const width = sizeOf(a.shape.slice(1))
  const data = new (a.data.constructor as new (n: number) => Float32Array)(rows.length * width)
  for (let i = 0; i < rows.length; i++) data.set((a.data as Float32Array).subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width)
  return { dtype: a.dtype, shape: [rows.length, ...a.shape.slice(1)], data }
}

/** Which rows are in which batch. */
export function ordered(n: number, { size, key, last = key ? 'drop' : 'pad' }: BatchOptions) {
  if (!Number.isInteger(size) || size < 1) throw new TensorError(`batches: the size is a whole number from 1, not ${size}`)
  const perEpoch = last === 'drop' ? Math.floor(n / size) : Math.ceil(n / size)
  if (perEpoch === 0) throw new TensorError(`batches: ${n} rows make no batch of ${size}${n > 0 ? " (last: 'pad' would fill one)" : ''}`)
  let known: { epoch: number; order: Float64Array } | undefined
  const orderOf = (epoch: number): Float64Array | undefined => {
    if (!key) return undefined
    if (known?.epoch !== epoch) known = { epoch, order: drawPermutation(key.fork('epoch').fork(epoch).words, n) }
    return known.order
  }
  return {
    perEpoch,
    at: (epoch: number, index: number): { readonly rows: Float64Array; readonly mask: NDArray | undefined } => {
      if (!(index >= 0 && index < perEpoch)) throw new TensorError(`batch ${index} of an epoch of ${perEpoch}`)
      const order = orderOf(epoch)
      const rows = new Float64Array(size)
      for (let i = 0; i < size; i++) {
        const at = Math.min(index * size + i, n - 1)
        rows[i] = order ? order[at]! : at
      }
      if (last === 'drop') return { rows, mask: undefined }
      return {
        rows,
        mask: { dtype: 'bool', shape: [size], data: Uint8Array.from({ length: size }, (_, i) => Number(index * size + i < n)) },
      }
    },
  }
}

/** Each batch changed by a function: augmentation, another type. `key` is the batch's own. */
export const mapBatches = <A, B>(of: Batches<A>, key: Key, f: (batch: A, key: Key) => B | Promise<B>): Batches<B> => ({
  perEpoch: of.perEpoch,
  at: async (epoch, index) => f(await of.at(epoch, index), key.fork(epoch).fork(index)),
})
