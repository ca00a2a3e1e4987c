const f32 = new Float32Array(1)
const u32 = new Uint32Array(f32.buffer)

/**
 * The bits of the IEEE 754 half nearest to a number, ties to even. From 65520 on: infinity. A NaN becomes the quiet NaN 0x7E00.
 * Rounds once, from the double itself.
 */
export function floatToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const x = Math.abs(value)
  if (x >= 65520) return sign | 0x7c00
  if (x < 6.103515625e-5) return sign | roundEven(x * 16777216) // subnormal: multiples of 2^-24
  f32[0] = x
  // A double may round up to the next power of two in single precision; the exponent below must not exceed the value's.
  let exponent = (u32[0]! >>> 23) - 127
  if (scale(exponent) > x) exponent--
  // 1.m · 2^e in units of 2^(e−10): 1024 … 2047, or 2048 by rounding, which carries into the exponent as it should.
  return sign | (((exponent + 15) << 10) + roundEven(x * scale(10 - exponent)) - 1024)
}

/** 2^e for −126 ≤ e ≤ 127, exactly. */
function scale(e: number): number {
  u32[0] = (e + 127) << 23
  return f32[0]!
}

function roundEven(x: number): number {
  const down = Math.floor(x)
  const over = x - down
  return over > 0.5 || (over === 0.5 && down & 1) ? down + 1 : down
}

/** The number that a half's 16 bits stand for, exactly. */
export function halfToFloat(bits: number): number {
  const exponent = (bits >> 10) & 31
  const mantissa = bits & 1023
  const magnitude =
    exponent === 0
      ? mantissa / 16777216
      : exponent === 31
        ? mantissa
          ? Number.NaN
          : Number.POSITIVE_INFINITY
        : (1024 + mantissa) * scale(exponent - 25)
  return bits & 0x8000 ? -magnitude : magnitude
}

/** Halves of single-precision numbers, nearest even. */
export function toHalves(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const out = new Uint16Array(values.length)
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i]! & 0x7fffffff
    // Half's normal range: drop 13 bits of mantissa, ties to even, and move the exponent; a carry runs up into infinity.
    if (magnitude >= 0x38800000 && magnitude < 0x47800000)
      out[i] = ((bits[i]! >>> 16) & 0x8000) | ((magnitude + 0xfff + ((magnitude >> 13) & 1) - 0x38000000) >>> 13)
    else out[i] = floatToHalf(values[i]!)
  }
  return out
}

let table: Float32Array | undefined

/** The numbers that halves stand for. */
export function fromHalves(halves: Uint16Array): Float32Array {
  if (!table) {
    table = new Float32Array(65536)
    for (let bits = 0; bits < 65536; bits++) table[bits] = halfToFloat(bits)
  }
  const out = new Float32Array(halves.length)
  for (let i = 0; i < halves.length; i++) out[i] = table[halves[i]!]!
  return out
}
