/** Values inside the interpreter. i64 are doubles (exact to 2^53), bool is 0 or 1, f32 is single or double by the precision that was asked for. */
import type { NDArray } from '../graph/array.ts'
import type { DType, Shape } from '../graph/dtype.ts'
import { sizeOf } from '../graph/shape.ts'

export type Precision = 'f32' | 'f64'
export type Numbers = Float32Array | Float64Array

export interface Value {
  readonly dtype: DType
  readonly shape: Shape
  readonly data: Numbers
}

/** Room for a value: f32 rounds at each operator in single precision, and not at all in double. */
export function room(dtype: DType, shape: Shape, precision: Precision): Value {
  const n = sizeOf(shape)
  return { dtype, shape, data: dtype === 'f32' && precision === 'f32' ? new Float32Array(n) : new Float64Array(n) }
}

export function toValue(a: NDArray, precision: Precision): Value {
  const v = room(a.dtype === 'f64' ? 'f32' : a.dtype, a.shape, precision)
  for (let i = 0; i < a.data.length; i++) v.data[i] = Number(a.data[i])
  return v
}

export function arrayOf(v: Value): NDArray {
  if (v.dtype === 'i64') return { dtype: 'i64', shape: v.shape, data: BigInt64Array.from(v.data as Float64Array, BigInt) }
  if (v.dtype === 'bool') return { dtype: 'bool', shape: v.shape, data: Uint8Array.from(v.data) }
  return v.data instanceof Float32Array ? { dtype: 'f32', shape: v.shape, data: v.data } : { dtype: 'f64', shape: v.shape, data: v.data }
}
