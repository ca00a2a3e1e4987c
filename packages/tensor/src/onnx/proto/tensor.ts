import { arrayOf, elementBytes } from './dtype.ts'
import { OnnxError } from './error.ts'
import type { TensorProto } from './model.ts'

/** Elements that dims promise; throws OnnxError where a dim is not a size. */
export function elementCount(dims: readonly number[], what: string): number {
  let n = 1
  for (const d of dims) {
    if (!Number.isSafeInteger(d) || d < 0) throw new OnnxError(`${what} has the dims [${dims}]: each must be a whole number ≥ 0.`)
    n *= d
  }
  if (!Number.isSafeInteger(n)) throw new OnnxError(`${what} has the dims [${dims}]: too many elements.`)
  return n
}

/** Throws OnnxError unless the tensor's data is of its type and as long as its dims say. */
export function requireTensor(t: TensorProto): void {
  const what = `Tensor "${t.name}"`
  const n = elementCount(t.dims, what)
  if (t.data.length !== n) throw new OnnxError(`${what} of dims [${t.dims}] needs ${n} elements, but its data has ${t.data.length}.`)
  const right = t.dtype === 'string' ? Array.isArray(t.data) : t.data instanceof arrayOf(t.dtype)
  if (!right)
    throw new OnnxError(
      `${what} is of type ${t.dtype}, which ${t.dtype === 'string' ? 'an array of strings' : `a ${arrayOf(t.dtype).name}`} holds, not a ${t.data.constructor.name}.`,
    )
}

/** The little-endian bytes of a tensor that is not of strings: a view, not a copy. */
export function rawBytes(t: TensorProto): Uint8Array {
  const a = t.data as Float32Array
  return new Uint8Array(a.buffer, a.byteOffset, a.byteLength)
}

/** Bytes that a tensor's elements take; strings count 0. */
export const tensorBytes = (t: TensorProto): number => (t.dtype === 'string' ? 0 : t.data.length * elementBytes(t.dtype))

// Typed arrays have the machine's byte order and files are little-endian. Every machine that runs JavaScript today is.
if (new Uint8Array(new Uint16Array([1]).buffer)[0] !== 1) throw new OnnxError('This library needs a little-endian machine.')
