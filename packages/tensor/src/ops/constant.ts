/** Leaves of a graph: inputs, constants, and operands that may be plain numbers. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import type { DType, Type } from '../graph/dtype.ts'
import { apply, type Op, Tensor } from '../graph/tensor.ts'

/** A value that is given when the graph runs. Made by tracing, one an argument. */
export const inputOp: Op<{ readonly type: Type; readonly name: string }> = { name: 'input', infer: (_, { type }) => [type], vjp: null }

export const constantOp: Op<{ readonly value: NDArray }> = {
  name: 'constant',
  infer: (_, { value }) => [{ dtype: value.dtype as DType, shape: value.shape }],
  vjp: null,
}

export const input = (type: Type, name: string): Tensor => apply(inputOp, [], { type, name })[0]!

/** What an operator takes where it wants a tensor: a tensor, or a number (a scalar of the other operand's type). */
export type Operand = Tensor | number

/** A tensor of fixed values: a number (f32 unless `dtype` says else) or an array. */
export function constant(value: number | boolean | NDArray, dtype?: DType): Tensor {
  if (typeof value === 'object') {
    if (value.dtype === 'f64')
      throw new TensorError('a graph holds f32, i64 and bool; convert the f64 array with f32(array.data, array.shape)')
    return apply(constantOp, [], { value })[0]!
  }
  const type = dtype ?? (typeof value === 'boolean' ? 'bool' : 'f32')
  const data =
    type === 'f32' ? Float32Array.of(Number(value)) : type === 'i64' ? BigInt64Array.of(BigInt(value)) : Uint8Array.of(Number(value))
  return apply(constantOp, [], { value: { dtype: type, shape: [], data } })[0]!
}

export const tensorOf = (x: Operand, dtype: DType = 'f32'): Tensor => (x instanceof Tensor ? x : constant(x, dtype))

/** Both operands as tensors; a plain number takes the other's type. */
export function pair(a: Operand, b: Operand): readonly [Tensor, Tensor] {
  const dtype = a instanceof Tensor ? a.dtype : b instanceof Tensor ? b.dtype : 'f32'
  return [tensorOf(a, dtype), tensorOf(b, dtype)]
}

/** The number of a constant scalar, if the tensor is one. */
export function constantScalar(t: Tensor): number | undefined {
  if (t.node.op.name !== 'constant') return undefined
  const { value } = t.node.attrs as { value: NDArray }
  return value.data.length === 1 ? Number(value.data[0]) : undefined
}
