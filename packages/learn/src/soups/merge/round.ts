/** From double precision to the type of a file, rounded once. */
import { bf16FromF32, f16FromF32, type StoredDtype, viewBytes } from '@dioramic/tensor'

export type FloatDtype = 'f64' | 'f32' | 'f16' | 'bf16'

export const isFloat = (dtype: StoredDtype): dtype is FloatDtype =>
  dtype === 'f64' || dtype === 'f32' || dtype === 'f16' || dtype === 'bf16'

/** Room for the results of `roundOnce`, to be used again: what is thrown away for every piece of a large file is a lot of memory before it is collected. */
export interface RoundingSpace {
  readonly single: Float32Array
  readonly half: Uint16Array
}

export const roundingSpace = (length: number): RoundingSpace => ({ single: new Float32Array(length), half: new Uint16Array(length) })

/**
 * The little-endian bytes of values, each the nearest of its type (ties to even). Halves go through a float rounded to odd, which keeps
 * what decides the second rounding (Boldo & Melquiond 2008), so the two roundings are one. A view on `into`, or on f64 values.
 */
export function roundOnce(values: Float64Array, dtype: FloatDtype, into: RoundingSpace = roundingSpace(values.length)): Uint8Array {
  if (dtype === 'f64') return viewBytes(values)
  const single = into.single.subarray(0, values.length)
  single.set(values)
  if (dtype === 'f32') return viewBytes(single)
  toOdd(values, single)
  const out = into.half.subarray(0, values.length)
  if (dtype === 'f16') f16FromF32(single, out)
  else bf16FromF32(single, out)
  return viewBytes(out)
}

/** Where a float is not the double itself, takes the neighbour on the double's side whose last bit is one. */
function toOdd(values: Float64Array, single: Float32Array): void {
  const bits = new Uint32Array(single.buffer, single.byteOffset, single.length)
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    const f = single[i]!
    if (f === x || Number.isNaN(f) || (bits[i]! & 1) === 1) continue
    bits[i] = bits[i]! + (Math.abs(f) < Math.abs(x) ? 1 : -1)
  }
}
