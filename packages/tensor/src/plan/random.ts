/** Random numbers, made by the kernel where they lie in its memory, else (into an array of the caller's) by the same rules in TypeScript. */

import * as kernel from '../kernel/fills.ts'
import type { Arena } from '../kernel/index.ts'
import { drawInts, drawPermutation } from '../random/draw.ts'
import { foldIn, Key } from '../random/key.ts'
import * as plain from '../random/philox.ts'
import type { Data } from './engine.ts'
import type { HostOp } from './host.ts'

type Words = plain.Words
const words = (key: Data): Words => [Number(key[0]), Number(key[1])]

/** A fill of f32 by kernel or in TypeScript. */
const floats =
  (
    inside: (arena: Arena, out: Float32Array, words: Words, attrs: { rate: number }) => void,
    outside: (out: Float32Array, words: Words, attrs: { rate: number }) => void,
  ): HostOp =>
  (node, [key], [out], arena) => {
    const to = out as Float32Array
    const attrs = node.attrs as { rate: number }
    return arena?.owns(to) ? () => inside(arena, to, words(key!), attrs) : () => outside(to, words(key!), attrs)
  }

const integers = (to: Data, from: ArrayLike<number>): void => {
  for (let i = 0; i < from.length; i++) to[i] = BigInt(from[i]!)
}

export const random: Readonly<Record<string, HostOp>> = {
  randomUniform: floats(
    (arena, out, key) => kernel.fillUniform(arena, out, key),
    (out, key) => plain.fillUniform(out, key),
  ),
  randomNormal: floats(
    (arena, out, key) => kernel.fillNormal(arena, out, key),
    (out, key) => plain.fillNormal(out, key),
  ),
  randomMask: floats(
    (arena, out, key, { rate }) => kernel.fillDropout(arena, out, key, rate),
    (out, key, { rate }) => plain.fillDropout(out, key, rate),
  ),
  bernoulli: (node, [key], [out], arena) => {
    const to = out as Uint8Array
    const { p } = node.attrs as { p: number }
    return arena?.owns(to) ? () => kernel.fillBernoulli(arena, to, words(key!), p) : () => plain.fillBernoulli(to, words(key!), p)
  },
  randomInt: (node, [key], [out]) => {
    const { low, high } = node.attrs as { low: number; high: number }
    const drawn = new Float64Array(out!.length)
    return () => {
      drawInts(drawn, words(key!), low, high)
      integers(out!, drawn)
    }
  },
  permutation: (node, [key], [out]) => {
    const { n } = node.attrs as { n: number }
    return () => integers(out!, drawPermutation(words(key!), n))
  },
  forkIndex:
    (_node, [key, index], [out]) =>
    () =>
      integers(out!, foldIn(words(key!), Number(index![0]))),
  forkName: (node, [key], [out]) => {
    const { fork } = node.attrs as { fork: string }
    return () => integers(out!, new Key(words(key!)).fork(fork).words)
  },
}
