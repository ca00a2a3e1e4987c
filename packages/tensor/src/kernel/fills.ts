/** Random fills by the kernel: the same values as src/random/philox.ts gives, at some nanosecond each. Views must be the arena's. */
import { bernoulliThreshold, checkStart, dropoutThreshold, type Words } from '../random/philox.ts'
import type { Arena } from './arena.ts'

/** What a value takes on one thread, ns (bench/src/tensor-optimizer): whether threads are worth waking. */
const COST = { fillBits: 1.3, fillUniform: 1.5, fillNormal: 2.7, fillDropout: 0.9, fillBernoulli: 1.5 }

function fill(
  arena: Arena,
  name: keyof typeof COST,
  out: ArrayBufferView & { length: number },
  size: number,
  words: Words,
  start: number,
  rest: number[],
) {
  checkStart(start, out.length)
  const at = arena.address(out, 'the array to fill')
  arena.split(name, out.length, 64, COST[name], (from, to) => [at + from * size, to - from, words[0], words[1], start + from, ...rest])
}

/** Random words from `start` of the key's stream. */
export function fillBits(arena: Arena, out: Uint32Array | Int32Array, words: Words, start = 0): void {
  fill(arena, 'fillBits', out, 4, words, start, [])
}
/** Uniform in [0, 1), multiples of 2⁻²⁴. */
export function fillUniform(arena: Arena, out: Float32Array, words: Words, start = 0): void {
  fill(arena, 'fillUniform', out, 4, words, start, [])
}
/** Standard normal. */
export function fillNormal(arena: Arena, out: Float32Array, words: Words, start = 0): void {
  fill(arena, 'fillNormal', out, 4, words, start, [])
}
/** A dropout mask: 0 with probability `rate` (to 2⁻¹⁷), else 1 / (1 − rate). */
export function fillDropout(arena: Arena, out: Float32Array, words: Words, rate: number, start = 0): void {
  const { threshold, kept } = dropoutThreshold(rate)
  fill(arena, 'fillDropout', out, 4, words, start, [threshold, kept])
}
/** 1 with probability p (to 2⁻³³), else 0. */
export function fillBernoulli(arena: Arena, out: Uint8Array, words: Words, p: number, start = 0): void {
  const threshold = bernoulliThreshold(p)
  if (threshold === 4294967296) {
    arena.address(out, 'the array to fill')
    out.fill(1)
    return
  }
  fill(arena, 'fillBernoulli', out, 1, words, start, [threshold])
}
