/** Checks of the arrays that a caller hands to an executable. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import { type DType, type Shape, typeName } from '../graph/dtype.ts'
import { sameShape, sizeOf } from '../graph/shape.ts'
import type { Graph } from '../graph/trace.ts'
import type { Data } from './engine.ts'

const bytesOf: Readonly<Record<DType, number>> = { f32: 4, i64: 8, bool: 1 }

/** Bytes that the elements of a type take. */
export const byteSize = (dtype: DType, shape: Shape): number => sizeOf(shape) * bytesOf[dtype]

/** A view of a type on a buffer. */
export function view(dtype: DType, buffer: ArrayBufferLike, offset: number, length: number): Data {
  if (dtype === 'f32') return new Float32Array(buffer, offset, length)
  return dtype === 'i64' ? new BigInt64Array(buffer, offset, length) : new Uint8Array(buffer, offset, length)
}

export const emptyOf = (dtype: DType, length: number): Data =>
  dtype === 'f32' ? new Float32Array(length) : dtype === 'i64' ? new BigInt64Array(length) : new Uint8Array(length)

const holds = (dtype: DType): { new (n: number): Data; readonly name: string } =>
  dtype === 'f32' ? Float32Array : dtype === 'i64' ? BigInt64Array : Uint8Array

/** The typed arrays of a run's inputs. @throws TensorError where one is missing or of another shape or type */
export function checkedInputs(graph: Graph, inputs: readonly NDArray[]): Data[] {
  if (inputs.length !== graph.inputs.length) throw new TensorError(`the graph takes ${graph.inputs.length} inputs, got ${inputs.length}`)
  return graph.inputs.map((t, i) => {
    const a = inputs[i]
    const name = (t.node.attrs as { name?: string }).name ?? `${i}`
    if (!a || a.dtype !== t.dtype || !sameShape(a.shape, t.shape))
      throw new TensorError(`input "${name}" must be ${typeName(t.type)}, got ${a ? `${a.dtype}[${a.shape.join(',')}]` : 'nothing'}`)
    return held(a, t.dtype, `input "${name}"`)
  })
}

/** The typed array behind an output that the caller gave. */
export function checkedOutput(a: NDArray, dtype: DType, shape: Shape, i: number): Data {
  if (a.dtype !== dtype || !sameShape(a.shape, shape))
    throw new TensorError(`output ${i} is ${typeName({ dtype, shape })}, the array given for it ${a.dtype}[${a.shape.join(',')}]`)
  return held(a, dtype, `the array for output ${i}`)
}

function held(a: NDArray, dtype: DType, what: string): Data {
  const Holder = holds(dtype)
  if (!(a.data instanceof Holder))
    throw new TensorError(`${what} is ${dtype}, which a ${Holder.name} holds, not a ${a.data.constructor.name}`)
  if (a.data.length !== sizeOf(a.shape)) throw new TensorError(`${what} has ${a.data.length} elements, not those of [${a.shape.join(',')}]`)
  return a.data as Data
}

/** A result, in the caller's array if there is one. */
export function into(result: NDArray, given: NDArray | undefined, i: number): NDArray {
  if (!given) return result
  if (given.dtype !== result.dtype || !sameShape(given.shape, result.shape))
    throw new TensorError(
      `output ${i} is ${result.dtype}[${result.shape.join(',')}], the array given for it ${given.dtype}[${given.shape.join(',')}]`,
    )
  ;(given.data as Float32Array).set(result.data as Float32Array)
  return given
}
