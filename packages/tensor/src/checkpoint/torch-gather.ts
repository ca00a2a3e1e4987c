import type { NDArray } from '../graph/array.ts'
import { CheckpointError } from './error.ts'
import { allocate, arrayDtype, decodePiece, storedBytes } from './stored.ts'
import type { TorchTensor } from './torch-world.ts'

/** A tensor may be larger than its storage (an expanded one repeats elements), but not without bound. */
const MOST_EXPANDED = 2 ** 28

/**
 * The elements of a view in C order, with its axes permuted (axis i of the result is axis `axes[i]` of the view; 'transpose' swaps both of a matrix).
 * `storage` holds the bytes of the whole storage, from a multiple of 8 in memory. Throws CheckpointError where the view leaves its storage.
 */
export function gather(
  storage: Uint8Array<ArrayBuffer>,
  t: TorchTensor,
  axes: readonly number[] | 'transpose' | undefined,
  what: string,
): NDArray {
  const order = permutation(t.shape.length, axes, what)
  const shape = order.map(a => t.shape[a]!)
  const stride = order.map(a => t.stride[a]!)
  const size = storedBytes(t.dtype)
  const available = Math.floor(storage.length / size)
  const count = shape.reduce((a, b) => a * b, 1)
  const last = shape.reduce((at, d, i) => at + (d - 1) * stride[i]!, t.offset)
  if (count > 0 && last >= available)
    throw new CheckpointError(
      `${what} of size [${t.shape}], stride [${t.stride}] and offset ${t.offset} leaves its storage of ${available} elements. The file is corrupt: copy it again.`,
    )
  if (count > Math.max(available, MOST_EXPANDED))
    throw new CheckpointError(`${what} repeats ${available} elements to ${count}. Save it without \`expand\`.`)
  const flat =
    count === 0 || isContiguous(shape, stride)
      ? slice(storage, t.offset * size, count * size)
      : strided(storage, size, t.offset, shape, stride, count)
  const data = allocate(t.dtype, count, what)
  decodePiece(flat, t.dtype, data, 0, what)
  return { dtype: arrayDtype(t.dtype), shape, data }
}

function permutation(rank: number, axes: readonly number[] | 'transpose' | undefined, what: string): readonly number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i)
  const order = axes === 'transpose' ? [1, 0] : axes
  if (order.length !== rank || [...order].sort((a, b) => a - b).some((a, i) => a !== i))
    throw new CheckpointError(`${what} has ${rank} axes, and [${order}] does not order them. Correct the layout of its rule.`)
  return order
}

/** Views of one element size move as unsigned integers, whatever they mean. */
const ELEMENTS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array } as const

function strided(
  storage: Uint8Array<ArrayBuffer>,
  size: number,
  offset: number,
  shape: readonly number[],
  stride: readonly number[],
  count: number,
) {
  const make = ELEMENTS[size as keyof typeof ELEMENTS]
  const from = new make(storage.buffer, 0, Math.floor(storage.length / size)) as Uint32Array
  const out = new make(count) as Uint32Array<ArrayBuffer>
  const inner = shape.at(-1) ?? 1
  const step = stride.at(-1) ?? 0
  const index = new Array<number>(Math.max(0, shape.length - 1)).fill(0)
  for (let at = 0, base = offset; at < count; ) {
    for (let i = 0, p = base; i < inner; i++, p += step) out[at++] = from[p]!
    for (let d = index.length - 1; d >= 0; d--) {
      base += stride[d]!
      if (++index[d]! < shape[d]!) break
      base -= stride[d]! * shape[d]!
      index[d] = 0
    }
  }
  return new Uint8Array(out.buffer)
}

/** Whether elements lie in C order, one behind the other. */
export function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && stride[i] !== expected) return false
    expected *= shape[i]!
  }
  return true
}

/** The bytes of a range, from a multiple of 8 in memory. */
const slice = (bytes: Uint8Array<ArrayBuffer>, from: number, length: number): Uint8Array<ArrayBuffer> =>
  from % 8 === 0 ? bytes.subarray(from, from + length) : bytes.slice(from, from + length)
