/** Values on the host: what goes into a graph and comes out of it. */
import { TensorError } from '../error.ts'
import type { DType, Shape } from './dtype.ts'
import { sizeOf } from './shape.ts'

/** A dense, row-major array. `f64` only comes out of the interpreter at double precision. `bool` is one byte an element, 0 or 1. */
export interface NDArray {
  readonly dtype: DType | 'f64'
  readonly shape: Shape
  readonly data: Float32Array | Float64Array | BigInt64Array | Uint8Array
}

type Nested = number | boolean | readonly Nested[]

function shapeOf(value: Nested): number[] {
  const shape: number[] = []
  for (let v = value; Array.isArray(v); v = v[0] as Nested) shape.push(v.length)
  return shape
}

/** An `f32` array from numbers (nested lists or a flat list and a shape). */
export function f32(values: Nested | Float32Array | Float64Array, shape?: Shape): NDArray {
  return make('f32', values, shape, n => new Float32Array(n))
}

/** An `i64` array: indices, labels, counts. Values are integers up to 2^53. */
export function i64(values: Nested | Int32Array | Uint8Array | BigInt64Array, shape?: Shape): NDArray {
  if (values instanceof BigInt64Array) return checked({ dtype: 'i64', shape: shape ?? [values.length], data: values })
  return make('i64', values, shape, n => new BigInt64Array(n))
}

/** A `bool` array. */
export function bool(values: Nested | Uint8Array, shape?: Shape): NDArray {
  return make('bool', values, shape, n => new Uint8Array(n))
}

function make(dtype: DType, values: Nested | ArrayLike<number>, shape: Shape | undefined, alloc: (n: number) => NDArray['data']): NDArray {
  const flat = Array.isArray(values)
    ? (values.flat(Number.POSITIVE_INFINITY) as number[])
    : typeof values === 'object'
      ? (values as ArrayLike<number>)
      : [Number(values)]
  const data = alloc(flat.length)
  if (data instanceof BigInt64Array) for (let i = 0; i < flat.length; i++) data[i] = integer(flat[i]!)
  else for (let i = 0; i < flat.length; i++) data[i] = Number(flat[i])
  return checked({ dtype, shape: shape ?? (ArrayBuffer.isView(values) ? [flat.length] : shapeOf(values as Nested)), data })
}

function integer(x: number): bigint {
  if (!Number.isSafeInteger(Number(x))) throw new TensorError(`an i64 array holds integers up to 2^53, got ${x}`)
  return BigInt(x)
}

function checked(a: NDArray): NDArray {
  if (sizeOf(a.shape) !== a.data.length)
    throw new TensorError(`an array of shape [${a.shape.join(',')}] has ${sizeOf(a.shape)} values, got ${a.data.length}`)
  return a
}

/** Zeros of a type. */
export function zerosOf(dtype: DType, shape: Shape): NDArray {
  const n = sizeOf(shape)
  return { dtype, shape, data: dtype === 'f32' ? new Float32Array(n) : dtype === 'i64' ? new BigInt64Array(n) : new Uint8Array(n) }
}

/** The numbers of an array, as doubles. */
export const numbersOf = (a: NDArray): Float64Array => Float64Array.from(a.data as ArrayLike<number | bigint>, Number)

/** The one number of an array of one element. */
export function item(a: NDArray): number {
  if (a.data.length !== 1) throw new TensorError(`item: an array of shape [${a.shape.join(',')}] holds ${a.data.length} values, not one`)
  return Number(a.data[0])
}
