import fc from 'fast-check'
import { expect, test } from 'vitest'
import { log32, normals, turn32 } from './normal.ts'

test('the logarithm is right to 1.2e-7 of itself, near 1 too', () => {
  const check = (u: number) => {
    const want = Math.log(u)
    expect(Math.abs(log32(u) - want)).toBeLessThanOrEqual(1.2e-7 * Math.abs(want))
  }
  for (let e = -31; e <= 0; e++) for (const m of [1, 1.1, 1.4142134, 1.4142137, 1.7, 1.9999999]) check(Math.fround(m * 2 ** (e - 1)))
  for (let k = 1; k < 2000; k++) check(1 - k * 2 ** -24)
  fc.assert(fc.property(fc.float({ min: Math.fround(2 ** -31), max: 1, noNaN: true }), check), { numRuns: 5000 })
  expect(log32(1)).toBe(0)
})

test('cosine and sine of a turn are right to 1e-7', () => {
  const check = (w: number) => {
    const [c, s] = turn32(w)
    const angle = (w / 4294967296) * 2 * Math.PI
    expect(Math.abs(c - Math.cos(angle))).toBeLessThan(1e-7)
    expect(Math.abs(s - Math.sin(angle))).toBeLessThan(1e-7)
  }
  for (let eighth = 0; eighth < 8; eighth++) for (const d of [-1, 0, 1]) check((eighth * 2 ** 29 + d + 2 ** 32) % 2 ** 32)
  fc.assert(fc.property(fc.nat({ max: 0xffffffff }), check), { numRuns: 5000 })
  expect(turn32(0)).toEqual([1, 0])
})

test('a value is Box and Muller’s to 3e-7 of its radius, and every pair of words gives a finite one', () => {
  const words = fc.array(fc.oneof(fc.nat({ max: 0xffffffff }), fc.constantFrom(0, 1, 2, 0xffffffff, 0xfffffffe, 0x80000000)), {
    minLength: 16,
    maxLength: 16,
  })
  fc.assert(
    fc.property(words, list => {
      const values = new Float64Array(16)
      normals(Int32Array.from(list), values)
      for (let lane = 0; lane < 16; lane++) {
        if (lane & 4) continue
        const r = Math.sqrt(-2 * Math.log(Math.fround(Math.fround(list[lane]! >>> 1) + 1) / 2147483648))
        const angle = (list[lane + 4]! / 4294967296) * 2 * Math.PI
        expect(Math.abs(values[lane]! - r * Math.cos(angle))).toBeLessThanOrEqual(3e-7 * r)
        expect(Math.abs(values[lane + 4]! - r * Math.sin(angle))).toBeLessThanOrEqual(3e-7 * r)
        expect(Math.abs(values[lane]!)).toBeLessThan(6.56)
      }
    }),
    { numRuns: 3000 },
  )
})
