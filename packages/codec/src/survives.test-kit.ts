import fc from 'fast-check'
import { CodecError } from './error.ts'

/** Flips and cuts the bytes of a good file many times: the decoder must give a value or a CodecError, nothing else. */
export function survives(good: Uint8Array, decode: (bytes: Uint8Array) => unknown, numRuns = 300): void {
  const damage = fc.record({
    flips: fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), { maxLength: 6 }),
    length: fc.oneof(fc.constant(good.length), fc.nat(good.length)),
  })
  fc.assert(
    fc.property(damage, ({ flips, length }) => {
      const bytes = good.slice()
      for (const [at, bits] of flips) bytes[at]! ^= bits
      try {
        decode(bytes.subarray(0, length))
      } catch (error) {
        if (!(error instanceof CodecError)) throw error
      }
    }),
    { numRuns },
  )
}

/** Numbers that only look random: the same on every run. */
export function noise(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}
