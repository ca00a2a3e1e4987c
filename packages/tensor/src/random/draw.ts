/** Draws that are made of random words on the host: whole numbers and orders. */
import { fillBits, type Words } from './philox.ts'

/** Whole numbers from `low` to below `high`, at most 2³² many, each as likely as the others to (high − low)·2⁻³². */
export function drawInts(out: { [index: number]: number; readonly length: number }, words: Words, low: number, high: number): void {
  checkRange(low, high)
  const n = high - low
  const bits = new Uint32Array(out.length)
  fillBits(bits, words)
  // ⌊word·n / 2³²⌋ in halves, so that nothing passes 2⁵³.
  for (let i = 0; i < bits.length; i++) {
    const w = bits[i]!
    out[i] = low + Math.floor(((w >>> 16) * n + Math.floor(((w & 0xffff) * n) / 65536)) / 65536)
  }
}

export function checkRange(low: number, high: number): void {
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high <= low || high - low > 4294967296) {
    throw new RangeError(`random integers are drawn from at most 2^32 of them, low below high; got ${low} to ${high}`)
  }
}

/** 0 … n − 1 in the order of n random words (of equal words the lower index first), which is any order alike but for n²·2⁻³³ of the time. */
export function drawPermutation(words: Words, n: number): Float64Array {
  const bits = new Uint32Array(n)
  fillBits(bits, words)
  if (n <= 2097152) {
    // Word and index in one double: a plain numeric sort.
    const keyed = Float64Array.from(bits, (w, i) => w * 2097152 + i).sort()
    return keyed.map(k => k % 2097152)
  }
  return Float64Array.from(bits.keys()).sort((a, b) => bits[a]! - bits[b]! || a - b)
}
