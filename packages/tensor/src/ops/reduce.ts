/** Reductions over axes. */
import { ShapeError } from '../error.ts'
import type { Shape } from '../graph/dtype.ts'
import { normalAxes, normalAxis, sameShape } from '../graph/shape.ts'
import { apply, type Op, type Tensor } from '../graph/tensor.ts'
import { cast, div, equal, mul, neg, not, sqrt, sub } from './elementwise.ts'
import { ones } from './fill.ts'
import { broadcastTo, concat, reshape, slice, transpose } from './shape.ts'

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

/** Smallest element over `axes`; where several are smallest they share the gradient evenly. */
export const min = (x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor => neg(max(neg(x), axes, keepDims))

/** Index of the smallest element along an axis; the first of equals. i64. */
export const argMin = (x: Tensor, axis = -1): Tensor => argMax(neg(x), axis)

/** Whether any element over `axes` of a bool tensor holds. */
export const any = (x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor => cast(sum(x, axes, keepDims), 'bool')

/** Whether every element over `axes` of a bool tensor holds. */
export const all = (x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor => not(any(not(x), axes, keepDims))

/** Product over `axes`, by halves: its gradient is right where elements are 0 as well. */
export function prod(x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor {
  const list = normalAxes(axes, x.rank)
  const kept = x.shape.flatMap((_, i) => (list.includes(i) ? [] : [i]))
  const moved = transpose(x, [...kept, ...list])
  let y = reshape(moved, [...kept.map(i => x.shape[i]!), list.reduce((n, a) => n * x.shape[a]!, 1)])
  for (let n = y.shape.at(-1)!; n !== 1; n = y.shape.at(-1)!) {
    const lead = y.shape.slice(0, -1)
    if (n % 2 === 1 || n === 0) y = concat([y, ones([...lead, 1], y.dtype)], -1)
    const half = Math.ceil(n / 2)
    if (n > 0) y = mul(slice(y, [...lead.map(() => null), [0, half]]), slice(y, [...lead.map(() => null), [half, 2 * half]]))
  }
  return reshape(y, reduced(x.shape, { axes: list, keepDims }))
}

/** Euclidean norm over `axes`; its gradient at 0 is 0. */
export const norm = (x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor => sqrt(sum(mul(x, x), axes, keepDims))

/** Mean squared distance from the mean over `axes`; `correction: 1` divides by n − 1. */
export function variance(
  x: Tensor,
  axes?: number | readonly number[],
  keepDims = false,
  { correction = 0 }: { readonly correction?: number } = {},
): Tensor {
  const away = sub(x, mean(x, axes, true))
  const total = sum(mul(away, away), axes, keepDims)
  return div(total, x.size / total.size - correction)
}

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
