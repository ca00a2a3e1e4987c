import type { NDArray } from '../graph/array.ts'
import { CheckpointError } from './error.ts'
import { bf16FromF32, f16FromF32, f32FromBf16, f32FromF16 } from './half.ts'

/** Element types that checkpoint files hold. */
export type StoredDtype = 'f64' | 'f32' | 'f16' | 'bf16' | 'i64' | 'i32' | 'i16' | 'i8' | 'u8' | 'bool'

/** Typed array and array type in memory of each: f16 and bf16 widen to f32, integers to i64. */
const STORED = {
  f64: { make: Float64Array, dtype: 'f64' },
  f32: { make: Float32Array, dtype: 'f32' },
  f16: { make: Uint16Array, dtype: 'f32' },
  bf16: { make: Uint16Array, dtype: 'f32' },
  i64: { make: BigInt64Array, dtype: 'i64' },
  i32: { make: Int32Array, dtype: 'i64' },
  i16: { make: Int16Array, dtype: 'i64' },
  i8: { make: Int8Array, dtype: 'i64' },
  u8: { make: Uint8Array, dtype: 'i64' },
  bool: { make: Uint8Array, dtype: 'bool' },
} as const

/** What may be stored as what. */
const NARROWER: Readonly<Record<NDArray['dtype'], readonly StoredDtype[]>> = {
  f64: ['f64', 'f32'],
  f32: ['f32', 'f16', 'bf16'],
  i64: ['i64', 'i32', 'i16', 'i8', 'u8'],
  bool: ['bool'],
}

/** Elements converted at a time. */
const CHUNK = 1 << 20

/** Bytes of one element in the file. */
export const storedBytes = (dtype: StoredDtype): number => STORED[dtype].make.BYTES_PER_ELEMENT

/** The type that an array has once it is read. */
export const arrayDtype = (dtype: StoredDtype): NDArray['dtype'] => STORED[dtype].dtype

/** Throws CheckpointError unless `array` is sound and may be stored as `as`. */
export function requireStorable(name: string, array: NDArray, as: StoredDtype): void {
  const n = array.shape.reduce((a, b) => a * b, 1)
  if (array.shape.some(d => !Number.isSafeInteger(d) || d < 0) || array.data.length !== n)
    throw new CheckpointError(`"${name}" of shape [${array.shape}] cannot be saved: its data has ${array.data.length} elements.`)
  const allowed = NARROWER[array.dtype] as readonly StoredDtype[] | undefined
  if (!allowed?.includes(as))
    throw new CheckpointError(
      `"${name}" of type ${array.dtype} cannot be stored as ${as}: choose ${allowed?.join(', ') ?? 'f32, f64, i64 or bool arrays'}.`,
    )
  if (!(array.data instanceof STORED[array.dtype].make))
    throw new CheckpointError(
      `"${name}" of type ${array.dtype} has a ${array.data.constructor.name} for data, not a ${STORED[array.dtype].make.name}.`,
    )
}

/** The little-endian bytes of an array stored as `as`, in pieces. A piece may be a view on the array, or be overwritten by the next. */
export function* encodeArray(name: string, array: NDArray, as: StoredDtype): Iterable<Uint8Array> {
  const { data } = array
  if (as === array.dtype) {
    if (data.length > 0) yield viewBytes(data)
    return
  }
  const out = new STORED[as].make(Math.min(CHUNK, data.length))
  for (let from = 0; from < data.length; from += CHUNK) {
    const part = data.subarray(from, from + CHUNK)
    const to = out.subarray(0, part.length)
    if (part instanceof Float32Array) {
      if (as === 'f16') f16FromF32(part, to as Uint16Array)
      else bf16FromF32(part, to as Uint16Array)
      requireFinite(name, part, to as Uint16Array, from, as === 'f16' ? 0x7c00 : 0x7f80)
    } else if (part instanceof Float64Array) (to as Float32Array).set(part)
    else narrow(name, part as BigInt64Array, to as Int32Array, from, as)
    yield viewBytes(to)
  }
}

/** Turns the bytes of a piece into elements `from` … of an array; the inverse of `encodeArray`. `bytes` begins at a multiple of 8 in memory. */
export function decodePiece(bytes: Uint8Array<ArrayBuffer>, dtype: StoredDtype, into: NDArray['data'], from: number, what: string): void {
  const { make } = STORED[dtype]
  const part = new make(bytes.buffer, bytes.byteOffset, bytes.length / make.BYTES_PER_ELEMENT)
  if (dtype === 'f16') f32FromF16(part as Uint16Array, (into as Float32Array).subarray(from, from + part.length))
  else if (dtype === 'bf16') f32FromBf16(part as Uint16Array, (into as Float32Array).subarray(from, from + part.length))
  else if (dtype === 'i64' || dtype === 'f64' || dtype === 'f32') (into as Float32Array).set(part as Float32Array, from)
  else if (dtype === 'bool') {
    const bad = (part as Uint8Array).findIndex(v => v > 1)
    if (bad >= 0)
      throw new CheckpointError(
        `${what}: element ${from + bad} is ${part[bad]}, but a boolean is 0 or 1. The file is corrupt: copy it again.`,
      )
    ;(into as Uint8Array).set(part as Uint8Array, from)
  } else for (let i = 0; i < part.length; i++) (into as BigInt64Array)[from + i] = BigInt(part[i]!)
}

/** Empty data for `length` elements as they are in memory. */
export function allocate(dtype: StoredDtype, length: number, what: string): NDArray['data'] {
  try {
    return new STORED[arrayDtype(dtype)].make(length) as NDArray['data']
  } catch {
    throw new CheckpointError(`${what}: no memory for ${length} elements. Load fewer arrays, or give the process more memory.`)
  }
}

/** Bytes of an array's elements: a view. */
export const viewBytes = (a: ArrayBufferView): Uint8Array => new Uint8Array(a.buffer, a.byteOffset, a.byteLength)

/** Throws where a finite number became infinite, whose bits are given. */
function requireFinite(name: string, values: Float32Array, halves: Uint16Array, from: number, infinity: number): void {
  const i = halves.findIndex((h, k) => (h & 0x7fff) === infinity && Number.isFinite(values[k]!))
  if (i < 0) return
  const [type, end] = infinity === 0x7c00 ? ['f16', '65504. Store it as bf16 or f32'] : ['bf16', '3.39e38. Store it as f32']
  throw new CheckpointError(`"${name}" cannot be stored as ${type}: element ${from + i} is ${values[i]}, and ${type} ends at ${end}.`)
}

function narrow(name: string, from: BigInt64Array, into: Int32Array, offset: number, as: StoredDtype): void {
  for (let i = 0; i < from.length; i++) {
    into[i] = Number(from[i]!)
    if (BigInt(into[i]!) !== from[i])
      throw new CheckpointError(`"${name}" cannot be stored as ${as}: element ${offset + i} is ${from[i]}. Store it as a wider type.`)
  }
}
