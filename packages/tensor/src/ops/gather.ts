/** Elements by index, and the sums that go back. Indices are i64 and count from 0; one outside is an error when the graph runs. */
import { ShapeError } from '../error.ts'
import type { Type } from '../graph/dtype.ts'
import { normalAxis, sameShape } from '../graph/shape.ts'
import { apply, type Op, type Tensor } from '../graph/tensor.ts'
import { add, cast, equal } from './elementwise.ts'
import { iota } from './fill.ts'
import { expandDims } from './shape.ts'

const wantsIndices = (t: Type): void => {
  if (t.dtype !== 'i64') throw new ShapeError(`indices are i64, not ${t.dtype}`)
}

/** Inputs x and indices: [before…, axis, after…] and [index…] → [before…, index…, after…]. */
export const gatherOp: Op<{ readonly axis: number }> = {
  name: 'gather',
  infer: ([x, indices], { axis }) => {
    wantsIndices(indices!)
    if (!(axis < x!.shape.length)) throw new ShapeError('has nothing to take from a scalar')
    return [{ dtype: x!.dtype, shape: [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)] }]
  },
  vjp: ({ inputs, attrs: { axis }, cotangents }) => {
    const [x, indices] = inputs as [Tensor, Tensor]
    return [apply(scatterAddOp, [indices, cotangents[0]!], { axis, size: x.shape[axis]! })[0]!, undefined]
  },
}

/**
 * Inputs indices [index…] and rows [before…, index…, after…] → [before…, size, after…]: zeros with each row added at its index. The rows of one index are added up in their order,
 * in double precision, and rounded once: the sum does not depend on threads.
 */
export const scatterAddOp: Op<{ readonly axis: number; readonly size: number }> = {
  name: 'scatterAdd',
  infer: ([indices, rows], { axis, size }) => {
    wantsIndices(indices!)
    if (rows!.dtype !== 'f32') throw new ShapeError('adds f32')
    const k = indices!.shape.length
    if (!sameShape(rows!.shape.slice(axis, axis + k), indices!.shape))
      throw new ShapeError(`the rows' axes from ${axis} are not the indices'`)
    return [{ dtype: 'f32', shape: [...rows!.shape.slice(0, axis), size, ...rows!.shape.slice(axis + k)] }]
  },
  vjp: ({ inputs, attrs: { axis }, cotangents }) => [undefined, gather(cotangents[0]!, inputs[0]!, axis)],
}

/** Inputs x and indices of one rank: out[…, i, …] = x[…, indices[…, i, …], …] along `axis`; off the axis the sizes are equal. */
export const takeAlongAxisOp: Op<{ readonly axis: number }> = {
  name: 'takeAlongAxis',
  infer: ([x, indices], { axis }) => {
    wantsIndices(indices!)
    if (x!.shape.length !== indices!.shape.length || x!.shape.some((n, i) => i !== axis && n !== indices!.shape[i])) {
      throw new ShapeError(`the indices differ from x off axis ${axis}`)
    }
    return [{ dtype: x!.dtype, shape: indices!.shape }]
  },
  vjp: ({ inputs, attrs: { axis }, cotangents }) => {
    const [x, indices] = inputs as [Tensor, Tensor]
    return [scatterAlongAxis(indices, cotangents[0]!, x.shape[axis]!, axis), undefined]
  },
}

/**
 * Inputs indices and values of one shape: zeros of `size` along `axis`, with each value added at its index; summed as by `scatterAdd`. `few`: no more values meet at an index than
 * windows of a pool overlap, so they may be added in single precision.
 */
export const scatterAlongAxisOp: Op<{ readonly axis: number; readonly size: number; readonly few: boolean }> = {
  name: 'scatterAlongAxis',
  infer: ([indices, values], { axis, size }) => {
    wantsIndices(indices!)
    if (values!.dtype !== 'f32') throw new ShapeError('adds f32')
    if (!sameShape(indices!.shape, values!.shape)) throw new ShapeError('indices and values differ in shape')
    return [{ dtype: 'f32', shape: values!.shape.map((n, i) => (i === axis ? size : n)) }]
  },
  vjp: ({ inputs, attrs: { axis }, cotangents }) => [undefined, takeAlongAxis(cotangents[0]!, inputs[0]!, axis)],
}

/** Slices of x along `axis`, by index: the index's axes stand where the axis stood. `gather(table, tokens)` is an embedding. */
export const gather = (x: Tensor, indices: Tensor, axis = 0): Tensor =>
  apply(gatherOp, [x, indices], { axis: normalAxis(axis, x.rank) })[0]!

/** x with `rows[…, i, …]` added to its slice `indices[i]` along `axis`; equal indices add up, in their order, exactly and on any number of threads alike. */
export function scatterAdd(x: Tensor, indices: Tensor, rows: Tensor, axis = 0): Tensor {
  const a = normalAxis(axis, x.rank)
  return add(x, apply(scatterAddOp, [indices, rows], { axis: a, size: x.shape[a]! })[0]!)
}

/** Sums of the rows that have one index, along `axis`: `segmentSum(values, owner, n)` has `n` slices. */
export const segmentSum = (rows: Tensor, indices: Tensor, size: number, axis = 0): Tensor =>
  apply(scatterAddOp, [indices, rows], { axis: normalAxis(axis, rows.rank), size })[0]!

/** One element for each index along an axis: out[…, i, …] = x[…, indices[…, i, …], …]. */
export const takeAlongAxis = (x: Tensor, indices: Tensor, axis = -1): Tensor =>
  apply(takeAlongAxisOp, [x, indices], { axis: normalAxis(axis, x.rank) })[0]!

/** Zeros of `size` along an axis with values added at their indices; the reverse of `takeAlongAxis`. */
export const scatterAlongAxis = (indices: Tensor, values: Tensor, size: number, axis = -1): Tensor =>
  apply(scatterAlongAxisOp, [indices, values], { axis: normalAxis(axis, values.rank), size, few: false })[0]!

/** The same where few values meet at an index. */
export const scatterFew = (indices: Tensor, values: Tensor, size: number, axis: number): Tensor =>
  apply(scatterAlongAxisOp, [indices, values], { axis, size, few: true })[0]!

/** f32: 1 at the index, else 0, along a new last axis of size `depth`. An index outside gives zeros. */
export const oneHot = (indices: Tensor, depth: number): Tensor => cast(equal(expandDims(indices, -1), iota(depth)), 'f32')
