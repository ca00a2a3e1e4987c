/**
 * Philox-4x32 with 10 rounds (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011) and the fills made of
 * it, in plain TypeScript: bit for bit what the kernel gives. The value at index i of a fill depends on the key and on i alone.
 */
import { normals } from './normal.ts'

/** A key: two u32. */
export type Words = readonly [number, number]

/** Third counter word: keeps the kinds of draw apart from each other and from the making of keys. */
export const DOMAIN = { bits: 0, uniform: 1, normal: 2, dropout: 3, bernoulli: 4, foldIndex: 0x666f_6c64, foldName: 0x6e61_6d65 } as const

const mulHigh = (a: number, b: number): number => {
  const al = a & 0xffff
  const ah = a >>> 16
  const bl = b & 0xffff
  const bh = b >>> 16
  const mid = ah * bl + ((al * bl) >>> 16)
  return (ah * bh + (al * bh + (mid & 0xffff)) / 65536 + Math.floor(mid / 65536)) | 0
}

/** One block: four words (i32) under the key (k0, k1) at the counter (c0 … c3), into `out` at `at`. */
export function philox4x32(k0: number, k1: number, c0: number, c1: number, c2: number, c3: number, out: Int32Array, at = 0): void {
  let [a, b, c, d] = [c0, c1, c2, c3]
  let [x, y] = [k0, k1]
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(a >>> 0, 0xd2511f53)
    const low0 = Math.imul(a, 0xd2511f53)
    const high1 = mulHigh(c >>> 0, 0xcd9e8d57)
    const low1 = Math.imul(c, 0xcd9e8d57)
    a = high1 ^ b ^ x
    b = low1
    c = high0 ^ d ^ y
    d = low0
    x = (x + 0x9e3779b9) | 0
    y = (y + 0xbb67ae85) | 0
  }
  out[at] = a
  out[at + 1] = b
  out[at + 2] = c
  out[at + 3] = d
}

const blocks = new Int32Array(16)
/** The 16 words of group g in the stream's order: word j of blocks 4g … 4g + 3, then word j + 1 … */
function group(words: Words, g: number, domain: number, out: Int32Array): void {
  for (let lane = 0; lane < 4; lane++) {
    philox4x32(words[0], words[1], g * 4 + lane, 0, domain, 0, blocks, lane * 4)
    for (let j = 0; j < 4; j++) out[j * 4 + lane] = blocks[lane * 4 + j]!
  }
}

/** Runs over the groups that [start, start + length) touches; `make` turns 16 words into `per` values. */
function fill(
  out: { [index: number]: number; readonly length: number },
  words: Words,
  start: number,
  domain: number,
  per: number,
  make: (w: Int32Array, values: Float64Array) => void,
): void {
  checkStart(start, out.length)
  const w = new Int32Array(16)
  const values = new Float64Array(per)
  for (let i = 0; i < out.length; ) {
    const index = start + i
    const offset = index % per
    group(words, Math.floor(index / per), domain, w)
    make(w, values)
    for (let k = offset; k < per && i < out.length; k++, i++) out[i] = values[k]!
  }
}

export function checkStart(start: number, length: number): void {
  if (!Number.isSafeInteger(start) || start < 0 || start + length > 4294967296) {
    throw new RangeError(`a stream has the indices 0 to 2^32 − 1; asked for ${length} from ${start}`)
  }
}

/** Random words. */
export function fillBits(out: Uint32Array | Int32Array, words: Words, start = 0): void {
  fill(out, words, start, DOMAIN.bits, 16, (w, values) => values.set(w))
}

/** Uniform in [0, 1), multiples of 2⁻²⁴. */
export function fillUniform(out: Float32Array, words: Words, start = 0): void {
  fill(out, words, start, DOMAIN.uniform, 16, (w, values) => {
    for (let k = 0; k < 16; k++) values[k] = (w[k]! >>> 8) / 16777216
  })
}

/** Standard normal, to ±6.5 (Box & Muller 1958). */
export function fillNormal(out: Float32Array, words: Words, start = 0): void {
  fill(out, words, start, DOMAIN.normal, 16, normals)
}

/** The kernel's form of a dropout rate: 16-bit halves of a word below `threshold` drop; the rest become `kept` = f32 1 / (1 − rate). */
export function dropoutThreshold(rate: number): { readonly threshold: number; readonly kept: number } {
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`a dropout rate is from 0 to 1, not ${rate}`)
  return { threshold: Math.round(rate * 65536), kept: rate === 1 ? 0 : Math.fround(1 / (1 - rate)) }
}

/** A dropout mask: 0 with probability `rate` (to 2⁻¹⁷), else 1 / (1 − rate). */
export function fillDropout(out: Float32Array, words: Words, rate: number, start = 0): void {
  const { threshold, kept } = dropoutThreshold(rate)
  fill(out, words, start, DOMAIN.dropout, 32, (w, values) => {
    for (let k = 0; k < 16; k++) {
      const at = (k >> 2) * 8 + (k & 3)
      values[at] = (w[k]! & 0xffff) >= threshold ? kept : 0
      values[at + 4] = w[k]! >>> 16 >= threshold ? kept : 0
    }
  })
}

/** 1 with probability p (to 2⁻³³), else 0. */
export function fillBernoulli(out: Uint8Array, words: Words, p: number, start = 0): void {
  const threshold = bernoulliThreshold(p)
  fill(out, words, start, DOMAIN.bernoulli, 16, (w, values) => {
    for (let k = 0; k < 16; k++) values[k] = w[k]! >>> 0 < threshold ? 1 : 0
  })
}

/** Words below this are ones: 0 … 2³². */
export function bernoulliThreshold(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability is from 0 to 1, not ${p}`)
  return Math.round(p * 4294967296)
}
