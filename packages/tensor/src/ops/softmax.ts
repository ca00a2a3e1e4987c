/** Softmax and its relatives along an axis. All subtract the largest element first, so none overflows. */
import { stopGradient } from '../autodiff/custom.ts'
import { ShapeError } from '../error.ts'
import type { Type } from '../graph/dtype.ts'
import { normalAxes, normalAxis, sameShape } from '../graph/shape.ts'
import { apply, type Op, type Tensor } from '../graph/tensor.ts'
import { abs, add, exp, less, log, mul, sub, where } from './elementwise.ts'
import { max, sum } from './reduce.ts'
import { squeeze } from './shape.ts'

interface Axis {
  readonly axis: number
}

function alongAxis([x]: readonly Type[], { axis }: Axis): readonly Type[] {
  if (x!.dtype !== 'f32') throw new ShapeError('takes f32')
  if (!(axis < x!.shape.length) || x!.shape[axis] === 0) throw new ShapeError('needs an axis with elements')
  return [x!]
}

export const softmaxOp: Op<Axis> = {
  name: 'softmax',
  infer: alongAxis,
  vjp: ({ outputs, attrs, cotangents }) => [softmaxGrad(outputs[0]!, cotangents[0]!, attrs.axis)],
}

/** Inputs y = softmax(x) and g: y·(g − Σ y·g), softmax's cotangent from its own output in one pass. */
export const softmaxGradOp: Op<Axis> = {
  name: 'softmaxGrad',
  infer: (types, attrs) => {
    if (!sameShape(types[0]!.shape, types[1]!.shape) || types[1]!.dtype !== 'f32') throw new ShapeError('takes two f32 of one shape')
    return alongAxis(types, attrs)
  },
  vjp: ({ inputs, attrs: { axis }, cotangents, needs }) => {
    const [y, g] = inputs as [Tensor, Tensor]
    const c = cotangents[0]!
    const dot = (a: Tensor, b: Tensor) => sum(mul(a, b), axis, true)
    return [
      needs[0] ? sub(mul(c, sub(g, dot(y, g))), mul(g, dot(c, y))) : undefined,
      // As a function of g it is a symmetric matrix.
      needs[1] ? softmaxGrad(y, c, axis) : undefined,
    ]
  },
}

const softmaxGrad = (y: Tensor, g: Tensor, axis: number): Tensor => apply(softmaxGradOp, [y, g], { axis })[0]!

export const logSoftmaxOp: Op<Axis> = {
  name: 'logSoftmax',
  infer: alongAxis,
  vjp: ({ outputs, attrs, cotangents }) => {
    const g = cotangents[0]!
    return [sub(g, mul(exp(outputs[0]!), sum(g, attrs.axis, true)))]
  },
}

/** eˣ / Σ eˣ along an axis. A row that is −∞ throughout has none: NaN. */
export const softmax = (x: Tensor, axis = -1): Tensor => apply(softmaxOp, [x], { axis: normalAxis(axis, x.rank) })[0]!

/** log(softmax(x)), exact where the softmax underflows. */
export const logSoftmax = (x: Tensor, axis = -1): Tensor => apply(logSoftmaxOp, [x], { axis: normalAxis(axis, x.rank) })[0]!

/** log Σ eˣ over `axes`. Elements of −∞ count nothing and get gradient 0, also where all are −∞ (the result is −∞). */
export function logSumExp(x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor {
  const list = normalAxes(axes, x.rank)
  const top = stopGradient(max(x, list, true))
  // Subtracting an infinite maximum would give NaN.
  const shift = where(less(abs(top), Number.POSITIVE_INFINITY), top, 0)
  const y = add(log(sum(exp(sub(x, shift)), list, true)), shift)
  return keepDims ? y : squeeze(y, list)
}
