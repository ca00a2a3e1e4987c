/** Reductions, softmax, order, running sums. */
import { sizeOf } from '../../graph/shape.ts'
import type { Tensor } from '../../graph/tensor.ts'
import * as op from '../../ops/index.ts'
import type { Call, Import } from './call.ts'

type Reduce = (x: Tensor, axes: readonly number[], keepDims: boolean) => Tensor

/** Axes are an attribute in old operator sets and an input in new ones; none mean all, unless `noop_with_empty_axes`. */
const reduction =
  (f: Reduce): Import =>
  c => {
    const x = c.x(0)
    const given = c.list(1, 'axes') ?? []
    if (given.length === 0 && c.int('noop_with_empty_axes', 0) === 1) return x
    const axes = given.length === 0 ? x.shape.map((_, i) => i) : given.map(a => c.axis(a, x.rank))
    return f(x, axes, c.int('keepdims', 1) === 1)
  }

const best =
  (f: (x: Tensor, axis: number) => Tensor): Import =>
  c => {
    const x = c.x(0)
    const axis = c.axis(c.int('axis', 0), x.rank)
    const last = c.int('select_last_index', 0) === 1
    const found = f(last ? op.reverse(x, axis) : x, axis)
    const index = last ? op.sub(x.shape[axis]! - 1, found) : found
    return c.int('keepdims', 1) === 1 ? op.expandDims(index, axis) : index
  }

/** Before opset 13 all axes from the given one on (1 unless told) were one. */
const normalised =
  (f: (x: Tensor, axis: number) => Tensor): Import =>
  c => {
    const x = c.x(0)
    if (c.opset >= 13) return f(x, c.axis(c.int('axis', -1), x.rank))
    const axis = c.axis(c.int('axis', 1), x.rank)
    const flat = op.reshape(x, [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))])
    return op.reshape(f(flat, 1), x.shape)
  }

const topK: Import = c => {
  const k = c.list(1, 'k')?.[0] ?? c.attribute('k', 'int') ?? c.fail('has no k')
  const { values, indices } = op.topK(c.x(0), k, { axis: c.axis(c.int('axis', -1), c.x(0).rank), largest: c.int('largest', 1) === 1 })
  return [values, indices]
}

const cumsum: Import = c => {
  const axis = c.list(1, 'axis')?.[0] ?? c.fail('has no axis')
  return op.cumsum(c.x(0), c.axis(axis, c.x(0).rank), { reverse: c.int('reverse', 0) === 1, exclusive: c.int('exclusive', 0) === 1 })
}

/** x over its p-norm along an axis; zeros stay zeros. */
const lpNormalization = (c: Call): Tensor => {
  const x = c.x(0)
  const axis = c.axis(c.int('axis', -1), x.rank)
  const size = c.int('p', 2) === 1 ? op.sum(op.abs(x), axis, true) : op.norm(x, axis, true)
  return op.div(x, op.where(op.equal(size, 0), 1, size))
}

export const reduce: Readonly<Record<string, Import>> = {
  ReduceSum: reduction(op.sum),
  ReduceMean: reduction(op.mean),
  ReduceMax: reduction(op.max),
  ReduceMin: reduction((x, axes, keep) => (x.dtype === 'bool' ? op.all(x, axes, keep) : op.min(x, axes, keep))),
  ReduceProd: reduction((x, axes, keep) => op.prod(x, axes, keep)),
  ReduceL1: reduction((x, axes, keep) => op.sum(op.abs(x), axes, keep)),
  ReduceL2: reduction(op.norm),
  ReduceSumSquare: reduction((x, axes, keep) => op.sum(op.mul(x, x), axes, keep)),
  ReduceLogSum: reduction((x, axes, keep) => op.log(op.sum(x, axes, keep))),
  ReduceLogSumExp: reduction(op.logSumExp),
  ArgMax: best(op.argMax),
  ArgMin: best(op.argMin),
  Softmax: normalised(op.softmax),
  LogSoftmax: normalised(op.logSoftmax),
  LpNormalization: lpNormalization,
  TopK: topK,
  CumSum: cumsum,
}
