/** Parameters as one vector, and back. */
import { f32, flatten, type NDArray, type Tree } from '@dioramic/tensor'
import { TheoryError } from '../algebra/matrix.ts'

const listOf = (tree: Tree<NDArray>): NDArray[] => flatten<NDArray>(tree).list

export const parameterCount = (params: Tree<NDArray>): number => listOf(params).reduce((n, a) => n + a.data.length, 0)

/** All numbers of a tree, leaf after leaf. */
export function toVector(params: Tree<NDArray>): Float64Array {
  const out = new Float64Array(parameterCount(params))
  let at = 0
  for (const a of listOf(params)) {
    out.set(a.data as Float32Array, at)
    at += a.data.length
  }
  return out
}

/** A vector as a tree of the shapes of `like`. */
export function fromVector(vector: Float64Array, like: Tree<NDArray>): Tree<NDArray> {
  const tree = flatten<NDArray>(like)
  if (vector.length !== parameterCount(like))
    throw new TheoryError(`a vector of ${vector.length} numbers for ${parameterCount(like)} parameters`)
  let at = 0
  return tree.rebuild(
    tree.list.map(a => {
      const part = f32(Float32Array.from(vector.subarray(at, at + a.data.length)), a.shape)
      at += a.data.length
      return part
    }),
  )
}
