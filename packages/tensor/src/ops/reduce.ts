/** Reductions over axes. */
import { ShapeError } from '../error.ts'
import type { Shape } from '../graph/dtype.ts'
import { normalAxes, normalAxis, sameShape } from '../graph/shape.ts'
import { apply, type Op, type Tensor } from '../graph/tensor.ts'
import { cast, div, equal, mul } from './elementwise.ts'
import { broadcastTo, reshape } from './shape.ts'

interface Axes {
  /** Sorted and distinct, from the front. */
  readonly axes: readonly number[]
  readonly keepDims: boolean
}

const reduced = (shape: Shape, { axes, keepDims }: Axes): number[] =>
  keepDims ? shape.map((n, i) => (axes.includes(i) ? 1 : n)) : shape.filter((_, i) => !axes.includes(i))

/** The reduced tensor with its axes of size 1 back in place. */
const expanded = (t: Tensor, shape: Shape, axes: readonly number[]): Tensor => reshape(t, reduced(shape, { axes, keepDims: true }))

export const sumOp: Op<Axes> = {
  name: 'sum',
  infer: ([x], attrs) => [{ dtype: x!.dtype === 'bool' ? 'i64' : x!.dtype, shape: reduced(x!.shape, attrs) }],
  vjp: ({ inputs, attrs, cotangents }) => [broadcastTo(expanded(cotangents[0]!, inputs[0]!.shape, attrs.axes), inputs[0]!.shape)],
}

export const maxOp: Op<Axes> = {
  name: 'max',
  infer: ([x], attrs) => {
    if (attrs.axes.some(a => x!.shape[a] === 0)) throw new ShapeError('has no value over an empty axis')
    return [{ dtype: x!.dtype, shape: reduced(x!.shape, attrs) }]
  },
  // Ties share the cotangent evenly, which is a subgradient and does not depend on an order.
  vjp: ({ inputs, outputs, attrs, cotangents }) => {
    const x = inputs[0]!
    const hit = cast(equal(x, expanded(outputs[0]!, x.shape, attrs.axes)), 'f32')
    const g = expanded(cotangents[0]!, x.shape, attrs.axes)
    return [mul(hit, div(g, sum(hit, attrs.axes, true)))]
  },
}

export const argMaxOp: Op<{ readonly axis: number }> = {
  name: 'argMax',
  infer: ([x], { axis }) => [{ dtype: 'i64', shape: x!.shape.filter((_, i) => i !== axis) }],
  vjp: null,
}

const reduceWith =
  (op: Op<Axes>) =>
  (x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor => {
    const list = normalAxes(axes, x.rank)
    // Over no axis, or over axes of size 1, nothing is added up: only the shape changes.
    if (x.dtype !== 'bool' && list.every(a => x.shape[a] === 1)) return reshape(x, reduced(x.shape, { axes: list, keepDims }))
    return apply(op, [x], { axes: list, keepDims })[0]!
  }

/** Sum over `axes` (all by default; negative count from the end). A bool tensor is counted, as i64. */
export const sum = reduceWith(sumOp)

/** Largest element over `axes`; where several are largest they share the gradient evenly. */
export const max = reduceWith(maxOp)

/** Index of the largest element along an axis; the first of equals. i64. */
export const argMax = (x: Tensor, axis = -1): Tensor => apply(argMaxOp, [x], { axis: normalAxis(axis, x.rank) })[0]!

/** Mean over `axes`. */
export function mean(x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor {
  const total = sum(x, axes, keepDims)
  return div(total, x.size / total.size)
}

/** Sums a tensor down to `shape`, the reverse of broadcasting it from there. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x
  const lead = x.rank - shape.length
  const axes = x.shape.flatMap((n, i) => (i < lead || (shape[i - lead] === 1 && n !== 1) ? [i] : []))
  return reshape(sum(x, axes, true), shape)
}
