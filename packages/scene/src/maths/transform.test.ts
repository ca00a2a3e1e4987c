import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Key } from '../key.ts'
import { inverseTransformPoint, toMatrix34, transformPoint } from './transform.ts'

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const vector = fc.tuple(number(-10, 10), number(-10, 10), number(-10, 10))
const transform = fc.record({
  position: vector,
  rotation: fc.nat().map(seed => Key.fromSeed(seed).rotation()),
  scale: fc.tuple(number(0.1, 10), number(0.1, 10), number(0.1, 10)),
})

test('the inverse undoes, and the matrix says the same', () => {
  fc.assert(
    fc.property(transform, vector, (t, p) => {
      const w = transformPoint(t, p)
      for (const [i, x] of inverseTransformPoint(t, w).entries()) expect(Math.abs(x - p[i]!)).toBeLessThan(1e-10)
      const m = toMatrix34(t)
      for (let r = 0; r < 3; r++) {
        const x = m[4 * r]! * p[0] + m[4 * r + 1]! * p[1] + m[4 * r + 2]! * p[2] + m[4 * r + 3]!
        expect(Math.abs(x - w[r]!)).toBeLessThan(1e-10)
      }
    }),
  )
})

test('scale acts before rotation', () => {
  const quarter = [0, 0, Math.SQRT1_2, Math.SQRT1_2] as const
  const p = transformPoint({ position: [1, 1, 1], rotation: quarter, scale: [2, 3, 4] }, [1, 0, 0])
  expect(p[0]).toBeCloseTo(1, 12)
  expect(p[1]).toBeCloseTo(3, 12)
  expect(p[2]).toBeCloseTo(1, 12)
})
