/** Tensors made from nothing: fills, ranges, masks. */
import type { DType, Shape } from '../graph/dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { constant } from './constant.ts'
import { add, cast, equal, lessEqual, where } from './elementwise.ts'
import { broadcastTo, expandDims, reshape } from './shape.ts'

/** A tensor of one value. */
export const full = (shape: Shape, value: number, dtype: DType = 'f32'): Tensor => broadcastTo(constant(value, dtype), shape)
/** 0 everywhere. */
export const zeros = (shape: Shape, dtype: DType = 'f32'): Tensor => full(shape, 0, dtype)
/** 1 everywhere. */
export const ones = (shape: Shape, dtype: DType = 'f32'): Tensor => full(shape, 1, dtype)

/** 0, 1, … n − 1, as i64. */
export const iota = (n: number): Tensor =>
  constant({ dtype: 'i64', shape: [n], data: BigInt64Array.from({ length: n }, (_, i) => BigInt(i)) })

/** The n × n identity, f32. */
export const eye = (n: number): Tensor => cast(equal(expandDims(iota(n), 1), iota(n)), 'f32')

/** bool [rows, columns], true where column ≤ row + `diagonal`. */
export const trilMask = (rows: number, columns: number, diagonal = 0): Tensor =>
  lessEqual(iota(columns), add(expandDims(iota(rows), 1), diagonal))

/** What each of `queries` positions may attend to among `keys`, which end where the queries end: bool [queries, keys], true on and before the position itself. */
export const causalMask = (queries: number, keys = queries): Tensor => trilMask(queries, keys, keys - queries)

/** x [..., rows, columns] with 0 above its `diagonal`. */
export const tril = (x: Tensor, diagonal = 0): Tensor =>
  where(trilMask(x.shape.at(-2)!, x.shape.at(-1)!, diagonal), x, constant(0, x.dtype))

/** x [..., rows, columns] with 0 below its `diagonal`. */
export const triu = (x: Tensor, diagonal = 0): Tensor =>
  where(trilMask(x.shape.at(-2)!, x.shape.at(-1)!, diagonal - 1), constant(0, x.dtype), x)

/** x laid side by side with itself, `counts[i]` times along axis i. */
export function tile(x: Tensor, counts: readonly number[]): Tensor {
  const apart = reshape(
    x,
    x.shape.flatMap(n => [1, n]),
  )
  const wide = broadcastTo(
    apart,
    x.shape.flatMap((n, i) => [counts[i] ?? 1, n]),
  )
  return reshape(
    wide,
    x.shape.map((n, i) => n * (counts[i] ?? 1)),
  )
}

/** Each slice along an axis, `count` times in a row. */
export function repeat(x: Tensor, count: number, axis = 0): Tensor {
  const a = axis < 0 ? axis + x.rank : axis
  const wide = broadcastTo(expandDims(x, a + 1), [...x.shape.slice(0, a + 1), count, ...x.shape.slice(a + 1)])
  return reshape(
    wide,
    x.shape.map((n, i) => (i === a ? n * count : n)),
  )
}
