import { floatToHalf, halfToFloat } from '../half.ts'

let table: Uint16Array | undefined

/**
 * DWA keeps perceptual values p: |p|^2.2 up to 1, exp(2.2 (|p| − 1)) above, of either sign. Half bits to half bits, for all of them.
 * Powers come from series of exact operations, since engines differ in theirs.
 */
export function linearTable(): Uint16Array {
  if (table) return table
  table = new Uint16Array(65536)
  for (let bits = 1; bits < 0x7c00; bits++) {
    const x = halfToFloat(bits)
    const half = floatToHalf(exponential(2.2 * (x <= 1 ? logarithm(x) : x - 1)))
    table[bits] = half
    table[bits | 0x8000] = half | 0x8000
  }
  return table
}

const LN2 = Math.LN2

/** Natural logarithm of a positive half, by ln m = 2 artanh((m − 1) / (m + 1)). */
function logarithm(x: number): number {
  let exponent = 0
  for (; x < 0.7; x *= 2) exponent--
  for (; x > 1.4; x /= 2) exponent++
  const s = (x - 1) / (x + 1)
  let sum = 0
  for (let k = 25; k >= 1; k -= 2) sum = sum * s * s + 1 / k
  return 2 * s * sum + exponent * LN2
}

/** e^x; beyond what halves hold, infinity. */
function exponential(x: number): number {
  if (x > 12) return Number.POSITIVE_INFINITY
  const k = Math.round(x / LN2)
  const r = x - k * LN2
  let sum = 1
  for (let n = 15; n >= 1; n--) sum = 1 + (sum * r) / n
  for (let i = 0; i < k; i++) sum *= 2
  for (let i = 0; i > k; i--) sum /= 2
  return sum
}
