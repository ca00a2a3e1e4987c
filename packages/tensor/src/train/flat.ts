/** Many arrays laid out in one vector, each leaf beginning at a multiple of 16 elements; what lies between stays zero. */
import type { NDArray } from '../graph/array.ts'
import type { Shape } from '../graph/dtype.ts'
import { sizeOf } from '../graph/shape.ts'

export interface FlatLeaf {
  readonly path: string
  readonly shape: Shape
  readonly offset: number
  readonly length: number
}

export interface Flat {
  readonly leaves: readonly FlatLeaf[]
  /** Elements of the vector. */
  readonly length: number
}

const ALIGN = 16

export const padded = (n: number): number => Math.ceil(n / ALIGN) * ALIGN

export function flatOf(leaves: readonly { readonly path: string; readonly shape: Shape }[]): Flat {
  let offset = 0
  const out = leaves.map(({ path, shape }) => {
    const leaf = { path, shape, offset, length: sizeOf(shape) }
    offset += padded(leaf.length)
    return leaf
  })
  return { leaves: out, length: offset }
}

export const slotOf = (vector: Float32Array, { offset, length }: FlatLeaf): Float32Array => vector.subarray(offset, offset + length)

/** The leaves as arrays that are views of the vector. */
export const viewsOf = (flat: Flat, vector: Float32Array): NDArray[] =>
  flat.leaves.map(leaf => ({ dtype: 'f32', shape: leaf.shape, data: slotOf(vector, leaf) }))
