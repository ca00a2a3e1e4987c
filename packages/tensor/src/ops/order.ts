/** Order and running sums along an axis. */
import { ShapeError } from '../error.ts'
import { normalAxis } from '../graph/shape.ts'
import { apply, type Op, type Tensor } from '../graph/tensor.ts'
import { scatterFew } from './gather.ts'

/** Output 0: the k largest (smallest) elements along an axis, best first; output 1: their indices, i64. Of equals the lower index comes first. */
export const topKOp: Op<{ readonly axis: number; readonly k: number; readonly largest: boolean }> = {
  name: 'topK',
  infer: ([x], { axis, k }) => {
    if (x!.dtype === 'bool') throw new ShapeError('takes f32 or i64')
    const n = x!.shape[axis]
    if (n === undefined || !Number.isInteger(k) || k < 1 || k > n)
      throw new ShapeError(`k = ${k} is not between 1 and the axis's size ${n}`)
    const shape = x!.shape.map((m, i) => (i === axis ? k : m))
    return [
      { dtype: x!.dtype, shape },
      { dtype: 'i64', shape },
    ]
  },
  vjp: ({ inputs, outputs, attrs: { axis }, cotangents }) => [
    cotangents[0] && scatterFew(outputs[1]!, cotangents[0], inputs[0]!.shape[axis]!, axis),
  ],
}

export const cumsumOp: Op<{ readonly axis: number; readonly reverse: boolean; readonly exclusive: boolean }> = {
  name: 'cumsum',
  infer: ([x], { axis }) => {
    if (x!.dtype === 'bool') throw new ShapeError('takes f32 or i64')
    if (!(axis < x!.shape.length)) throw new ShapeError('needs an axis')
    return [x!]
  },
  vjp: ({ attrs, cotangents }) => [apply(cumsumOp, [cotangents[0]!], { ...attrs, reverse: !attrs.reverse })[0]],
}

/** The k largest elements along an axis, best first, and their indices (i64); of equals the lower index comes first. `largest: false` takes the smallest. */
export function topK(
  x: Tensor,
  k: number,
  { axis = -1, largest = true }: { readonly axis?: number; readonly largest?: boolean } = {},
): { readonly values: Tensor; readonly indices: Tensor } {
  const [values, indices] = apply(topKOp, [x], { axis: normalAxis(axis, x.rank), k, largest }) as [Tensor, Tensor]
  return { values, indices }
}

interface SortOptions {
  readonly axis?: number
  readonly descending?: boolean
}

/** x sorted along an axis, stably. */
export const sort = (x: Tensor, { axis = -1, descending = false }: SortOptions = {}): Tensor =>
  topK(x, x.shape[normalAxis(axis, x.rank)]!, { axis, largest: descending }).values

/** The indices that sort x along an axis, stably. i64. */
export const argsort = (x: Tensor, { axis = -1, descending = false }: SortOptions = {}): Tensor =>
  topK(x, x.shape[normalAxis(axis, x.rank)]!, { axis, largest: descending }).indices

/** Running sums along an axis. `exclusive` leaves each element out of its own sum; `reverse` starts at the end. */
export const cumsum = (
  x: Tensor,
  axis = -1,
  { reverse = false, exclusive = false }: { readonly reverse?: boolean; readonly exclusive?: boolean } = {},
): Tensor => apply(cumsumOp, [x], { axis: normalAxis(axis, x.rank), reverse, exclusive })[0]!
