import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Key } from '../key.ts'
import { conjugate, fromAxisAngle, fromBasis, IDENTITY, lookAt, multiply, normalize, type Quat, rotate, slerp, toMatrix3 } from './quat.ts'
import { cross, dot, length, sub, normalize as unit, type Vec3 } from './vec3.ts'

const quat = fc.integer({ min: 0, max: 2 ** 31 }).map(seed => Key.fromSeed(seed).rotation())
const coordinate = fc.double({ min: -100, max: 100, noNaN: true })
const vector = fc.tuple(coordinate, coordinate, coordinate)

const near = (a: readonly number[], b: readonly number[], tolerance = 1e-9) => {
  expect(a.length).toBe(b.length)
  for (const [i, x] of a.entries()) expect(Math.abs(x - b[i]!), `${a} against ${b}`).toBeLessThanOrEqual(tolerance)
}
/** Angle between the rotations, accurate for small angles. */
function angleBetween(a: Quat, b: Quat): number {
  const d = multiply(conjugate(a), b)
  return 2 * Math.atan2(Math.hypot(d[0], d[1], d[2]), Math.abs(d[3]))
}

test('known rotations: a quarter turn about z takes x to y, about x takes y to z, about y takes z to x', () => {
  near(rotate(fromAxisAngle([0, 0, 1], Math.PI / 2), [1, 0, 0]), [0, 1, 0], 1e-15)
  near(rotate(fromAxisAngle([3, 0, 0], Math.PI / 2), [0, 1, 0]), [0, 0, 1], 1e-15)
  near(rotate(fromAxisAngle([0, 1, 0], Math.PI / 2), [0, 0, 1]), [1, 0, 0], 1e-15)
})

describe('properties', () => {
  test('multiply composes: rotate(a b, v) = rotate(a, rotate(b, v))', () => {
    fc.assert(fc.property(quat, quat, vector, (a, b, v) => near(rotate(multiply(a, b), v), rotate(a, rotate(b, v)), 1e-11)))
  })

  test('rotation keeps lengths, angles and handedness', () => {
    fc.assert(
      fc.property(quat, vector, vector, (q, u, v) => {
        near([dot(rotate(q, u), rotate(q, v))], [dot(u, v)], 1e-8)
        near(rotate(q, cross(u, v)), cross(rotate(q, u), rotate(q, v)), 1e-8)
      }),
    )
  })

  test('the conjugate undoes', () => {
    fc.assert(fc.property(quat, vector, (q, v) => near(rotate(conjugate(q), rotate(q, v)), v, 1e-11)))
  })

  test('toMatrix3 rotates as rotate does, and fromBasis of its columns is the same rotation', () => {
    fc.assert(
      fc.property(quat, vector, (q, v) => {
        const m = toMatrix3(q)
        near(
          [0, 3, 6].map(r => m[r]! * v[0] + m[r + 1]! * v[1] + m[r + 2]! * v[2]),
          rotate(q, v),
          1e-11,
        )
        const column = (c: number): Vec3 => [m[c]!, m[3 + c]!, m[6 + c]!]
        expect(angleBetween(fromBasis(column(0), column(1), column(2)), q)).toBeLessThan(1e-7)
      }),
    )
  })

  test('fromBasis holds for half turns, where the trace is −1', () => {
    for (const axis of [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0.6, 0.8, 0],
      [0, 0.6, -0.8],
    ] as Vec3[]) {
      const q = fromAxisAngle(axis, Math.PI)
      const b = (
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ] as Vec3[]
      ).map(e => rotate(q, e)) as [Vec3, Vec3, Vec3]
      expect(angleBetween(fromBasis(...b), q)).toBeLessThan(1e-7)
    }
  })

  test('normalize gives a unit quaternion; of zero, the identity', () => {
    fc.assert(
      fc.property(fc.tuple(coordinate, coordinate, coordinate, coordinate), q => {
        const n = normalize(q)
        fc.pre(q.some(x => x !== 0))
        near([Math.hypot(...n)], [1], 1e-12)
      }),
    )
    near(normalize([0, -1e-200, 0, 0]), [0, -1, 0, 0], 0)
    near(normalize([3e200, 0, 0, 4e200]), [0.6, 0, 0, 0.8], 1e-15)
    expect(normalize([0, 0, 0, 0])).toEqual(IDENTITY)
  })
})

describe('slerp', () => {
  test('ends at its ends, stays a unit, turns at constant speed the short way', () => {
    fc.assert(
      fc.property(quat, quat, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, t) => {
        const total = angleBetween(a, b)
        // Between opposite rotations the way is not defined well enough to measure.
        fc.pre(total < 3.1)
        expect(angleBetween(slerp(a, b, 0), a)).toBeLessThan(1e-9)
        expect(angleBetween(slerp(a, b, 1), b)).toBeLessThan(1e-9)
        const q = slerp(a, b, t)
        near([Math.hypot(...q)], [1], 1e-12)
        near([angleBetween(a, q)], [t * total], 1e-9)
        near([angleBetween(q, b)], [(1 - t) * total], 1e-9)
      }),
    )
  })

  test('q and −q are one rotation', () => {
    fc.assert(
      fc.property(quat, quat, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, t) => {
        const minus: Quat = [-b[0], -b[1], -b[2], -b[3]]
        fc.pre(angleBetween(a, b) < 3.1)
        expect(angleBetween(slerp(a, b, t), slerp(a, minus, t))).toBeLessThan(1e-9)
      }),
    )
  })

  test('angles from tiny to nearly half a turn keep their proportion', () => {
    const a = fromAxisAngle([1, 2, 3], 0.7)
    for (const angle of [1e-8, 1e-6, 1e-4, 2e-3, 1e-2, 1, 3, 3.12]) {
      const b = multiply(a, fromAxisAngle([0, 1, 0], angle))
      for (const t of [0.1, 0.25, 0.5, 0.9])
        expect(Math.abs(angleBetween(a, slerp(a, b, t)) - t * angle)).toBeLessThan(1e-13 * angle + 2e-16)
    }
  })

  test('of identical rotations is that rotation', () => {
    fc.assert(fc.property(quat, q => near(slerp(q, q, 0.3), q, 1e-15)))
  })
})

describe('lookAt', () => {
  test('looks along −Z at the target with +Y as near up as can be', () => {
    fc.assert(
      fc.property(vector, vector, (eye, target) => {
        const way = sub(target, eye)
        fc.pre(length(way) > 1e-3 && Math.hypot(way[0], way[1]) > 1e-3)
        const q = lookAt(eye, target)
        near(rotate(q, [0, 0, -1]), unit(way), 1e-9)
        const x = rotate(q, [1, 0, 0])
        near([x[2]], [0], 1e-9)
        expect(rotate(q, [0, 1, 0])[2]).toBeGreaterThan(0)
      }),
    )
  })

  test('straight up and down work', () => {
    near(rotate(lookAt([0, 0, 5], [0, 0, 0]), [0, 0, -1]), [0, 0, -1], 1e-12)
    near(rotate(lookAt([0, 0, 5], [0, 0, 0]), [0, 1, 0]), [0, 1, 0], 1e-12)
    near(rotate(lookAt([0, 0, 0], [0, 0, 5]), [0, 0, -1]), [0, 0, 1], 1e-12)
  })

  test('an up along the view along Y works too', () => {
    const q = lookAt([0, 5, 0], [0, 0, 0], [0, 1, 0])
    near(rotate(q, [0, 0, -1]), [0, -1, 0], 1e-12)
    near([Math.hypot(...q)], [1], 1e-12)
  })
})
