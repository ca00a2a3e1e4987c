import fc from 'fast-check'
import { expect, test } from 'vitest'
import { floatToHalf, halfToFloat } from './half.ts'

test('every half comes back', () => {
  for (let bits = 0; bits < 65536; bits++) {
    const value = halfToFloat(bits)
    if (Number.isNaN(value)) expect(floatToHalf(value)).toBe(0x7e00)
    else if (floatToHalf(value) !== bits) expect.fail(`${bits} → ${value} → ${floatToHalf(value)}`)
  }
})

test('values of IEEE 754', () => {
  expect([0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x8000, 0x7c00].map(halfToFloat)).toEqual([
    1,
    -2,
    65504,
    5.9604644775390625e-8,
    6.103515625e-5,
    -0,
    Infinity,
  ])
  // Ties go to even: 2049 lies between 2048 and 2050, 2051 between 2050 and 2052.
  expect([2049, 2051, 65519.99, 65520].map(v => halfToFloat(floatToHalf(v)))).toEqual([2048, 2052, 65504, Infinity])
  // A double just over a tie must not be rounded twice.
  expect(halfToFloat(floatToHalf(2049 + 1e-9))).toBe(2050)
  expect(halfToFloat(floatToHalf(2 ** -25))).toBe(0)
  expect(halfToFloat(floatToHalf(2 ** -25 * 1.0001))).toBe(2 ** -24)
  expect(floatToHalf(1.99999999999)).toBe(0x4000)
})

test('the nearest half is taken', () => {
  fc.assert(
    fc.property(fc.double({ min: -65504, max: 65504, noNaN: true }), value => {
      const bits = floatToHalf(value)
      const error = Math.abs(halfToFloat(bits) - value)
      for (const other of [bits - 1, bits + 1])
        if ((other & 0x7fff) < 0x7c00 && other >= 0) expect(error).toBeLessThanOrEqual(Math.abs(halfToFloat(other) - value))
    }),
  )
})
