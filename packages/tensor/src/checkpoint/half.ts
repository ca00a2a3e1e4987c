// Half-precision storage of f32 numbers: IEEE 754 binary16 (f16) and bfloat16 (bf16), both as bit patterns. Rounding is to nearest, ties to even.

/** Bits of f32 → bits of f16. Numbers of 65,520 and more become infinite; NaN stays NaN. */
export function f16FromF32(from: Float32Array, into: Uint16Array): void {
  const bits = bitsOf(from)
  for (let i = 0; i < bits.length; i++) {
    const x = bits[i]!
    const sign = (x >>> 16) & 0x8000
    const e = (x >>> 23) & 0xff
    const m = x & 0x7fffff
    let h: number
    if (e === 255) h = m === 0 ? 0x7c00 : 0x7e00 | (m >>> 13)
    else if (e > 142) h = 0x7c00
    else if (e >= 113) h = roundedShift(((e - 112) << 23) | m, 13)
    else if (e >= 102) h = roundedShift(m | 0x800000, 126 - e)
    else h = 0
    into[i] = sign | h
  }
}

/** Bits of f32 → bits of bf16. */
export function bf16FromF32(from: Float32Array, into: Uint16Array): void {
  const bits = bitsOf(from)
  for (let i = 0; i < bits.length; i++) {
    const x = bits[i]!
    const nan = (x & 0x7fffffff) > 0x7f800000
    // Of a NaN the low bits are dropped: set the quiet bit, lest it become infinite.
    into[i] = nan ? (x >>> 16) | 0x40 : (x + 0x7fff + ((x >>> 16) & 1)) >>> 16
  }
}

/** f16 → f32, exactly. */
export function f32FromF16(from: Uint16Array, into: Float32Array): void {
  const table = f16Table()
  const bits = bitsOf(into)
  for (let i = 0; i < from.length; i++) bits[i] = table[from[i]!]!
}

/** bf16 → f32, exactly. */
export function f32FromBf16(from: Uint16Array, into: Float32Array): void {
  const bits = bitsOf(into)
  for (let i = 0; i < from.length; i++) bits[i] = from[i]! << 16
}

const bitsOf = (a: Float32Array): Uint32Array => new Uint32Array(a.buffer, a.byteOffset, a.length)

/** x / 2^shift, rounded to nearest, ties to even. A carry runs into the exponent, as it should. */
function roundedShift(x: number, shift: number): number {
  const h = x >>> shift
  const rest = x & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return rest > half || (rest === half && (h & 1) === 1) ? h + 1 : h
}

let table: Uint32Array | undefined

/** Bits of f32 of every f16. */
function f16Table(): Uint32Array {
  if (table) return table
  table = new Uint32Array(65536)
  const small = new Float32Array(1)
  const smallBits = bitsOf(small)
  for (let h = 0; h < 65536; h++) {
    const sign = (h & 0x8000) << 16
    const e = (h >>> 10) & 31
    const m = h & 1023
    small[0] = m / 16_777_216
    table[h] = sign | (e === 0 ? smallBits[0]! : e === 31 ? 0x7f800000 | (m << 13) : ((e + 112) << 23) | (m << 13))
  }
  return table
}
