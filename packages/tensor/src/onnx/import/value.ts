/** Values while a model is read: tensors of a graph. What depends on constants alone is computed at once, so that shapes, axes and ranges are numbers when they are needed. */
import { f32FromBf16, f32FromF16 } from '../../checkpoint/half.ts'
import type { NDArray } from '../../graph/array.ts'
import type { DType } from '../../graph/dtype.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { interpret } from '../../interpret/interpret.ts'
import { constant } from '../../ops/constant.ts'
import { OnnxError } from '../proto/error.ts'
import type { OnnxDtype, TensorProto } from '../proto/index.ts'

/** Element types that a graph has no word for become the one that holds their values: fractions f32, whole numbers i64. Undefined for strings. */
export function dtypeFor(dtype: OnnxDtype): DType | undefined {
  if (dtype === 'string') return undefined
  if (dtype === 'bool') return 'bool'
  return dtype === 'f32' || dtype === 'f64' || dtype === 'f16' || dtype === 'bf16' ? 'f32' : 'i64'
}

/** ONNX writes "to the end" as the largest i64; a graph's whole numbers are exact to 2^53. */
const MOST = BigInt(Number.MAX_SAFE_INTEGER)
const held = (v: bigint): bigint => (v > MOST ? MOST : v < -MOST ? -MOST : v)

/** A stored tensor as an array. f32 and bool are not copied. */
export function arrayFrom(t: TensorProto): NDArray {
  const shape = t.dims
  const n = t.data.length
  switch (t.dtype) {
    case 'f32':
      return { dtype: 'f32', shape, data: t.data as Float32Array }
    case 'bool':
      return { dtype: 'bool', shape, data: t.data as Uint8Array }
    case 'f64':
      return { dtype: 'f32', shape, data: Float32Array.from(t.data as Float64Array) }
    case 'f16':
    case 'bf16': {
      const data = new Float32Array(n)
      ;(t.dtype === 'f16' ? f32FromF16 : f32FromBf16)(t.data as Uint16Array, data)
      return { dtype: 'f32', shape, data }
    }
    case 'string':
      throw new OnnxError(`tensor "${t.name}" is of strings, which a graph cannot hold: encode the text before the model.`)
    case 'i64':
    case 'u64':
      return { dtype: 'i64', shape, data: BigInt64Array.from(t.data as BigInt64Array, held) }
    default:
      return { dtype: 'i64', shape, data: BigInt64Array.from(t.data as Int32Array, BigInt) }
  }
}

/** The value of a tensor that is a constant. */
export const constantOf = (t: Tensor): NDArray | undefined =>
  t.node.op.name === 'constant' ? (t.node.attrs as { value: NDArray }).value : undefined

/** Tensors that depend on constants alone, as constants. */
export function fold(outputs: readonly Tensor[]): Tensor[] {
  const values = interpret({ inputs: [], outputs }, [], { precision: 'f32' })
  return outputs.map((t, i) => (constantOf(t) ? t : constant(values[i]!)))
}
