import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cross, distance, dot, length, lerp, normalize, type Vec3 } from './vec3.ts'

// Products of subnormal numbers lose all their digits, whatever the formula.
const component = fc.double({ min: -1e3, max: 1e3, noNaN: true }).map(x => (Math.abs(x) < 1e-30 ? 0 : x))
const vector = fc.tuple(component, component, component)

test('cross is at right angles to both and |a × b|² + (a·b)² = |a|²|b|² (Lagrange)', () => {
  fc.assert(
    fc.property(vector, vector, (a, b) => {
      const c = cross(a, b)
      const size = length(a) * length(b)
      expect(Math.abs(dot(c, a))).toBeLessThanOrEqual(1e-12 * size * length(a) + 1e-300)
      expect(Math.abs(dot(c, b))).toBeLessThanOrEqual(1e-12 * size * length(b) + 1e-300)
      expect(Math.abs(dot(c, c) + dot(a, b) ** 2 - size * size)).toBeLessThanOrEqual(1e-12 * size * size + 1e-300)
    }),
  )
  expect(cross([1, 0, 0], [0, 1, 0])).toEqual([0, 0, 1])
})

test('normalize always gives a direction', () => {
  fc.assert(
    fc.property(vector, a => {
      const n = normalize(a)
      expect(Math.abs(length(n) - 1)).toBeLessThan(1e-12)
    }),
  )
  expect(normalize([0, 0, 0])).toEqual([1, 0, 0])
  expect(normalize([0, 1e-200, 0])).toEqual([0, 1, 0])
  expect(normalize([0, 0, -1e200])).toEqual([0, 0, -1])
})

test('lerp and distance', () => {
  const a: Vec3 = [1, 2, 3]
  const b: Vec3 = [3, 6, -1]
  expect(lerp(a, b, 0.5)).toEqual([2, 4, 1])
  expect(distance(a, b)).toBe(6)
})
