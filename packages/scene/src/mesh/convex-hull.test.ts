import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ConvexHull, convexHull } from './convex-hull.ts'
import { massProperties } from './mass-properties.ts'
import { watertightness } from './watertightness.ts'

/** Largest signed distance of a point above a face, by plain arithmetic of its own. */
function farthestOutside(hull: ConvexHull, points: readonly number[]): number {
  let worst = Number.NEGATIVE_INFINITY
  for (let t = 0; t < hull.indices.length; t += 3) {
    const [a, b, c] = [0, 1, 2].map(k => [0, 1, 2].map(x => hull.positions[3 * hull.indices[t + k]! + x]!)) as [
      number[],
      number[],
      number[],
    ]
    const u = [0, 1, 2].map(k => b[k]! - a[k]!)
    const v = [0, 1, 2].map(k => c[k]! - a[k]!)
    const n = [u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!]
    const l = Math.hypot(...n)
    for (let i = 0; i < points.length && l > 1e-9; i += 3) {
      worst = Math.max(worst, [0, 1, 2].reduce((s, k) => s + n[k]! * (points[i + k]! - a[k]!), 0) / l)
    }
  }
  return worst
}

function expectHull(points: number[]) {
  const hull = convexHull(points)
  if (!hull) return
  const vertices = hull.positions.length / 3
  expect(hull.indices.length / 3).toBe(2 * vertices - 4) // Euler: V − E + F = 2 with 3F = 2E
  expect(watertightness(hull).watertight).toBe(true)
  expect(massProperties(hull).volume).toBeGreaterThan(0)
  expect(farthestOutside(hull, points)).toBeLessThan(1e-5)
}

const grid = fc.integer({ min: -3, max: 3 })
const real = fc.double({ min: -1, max: 1, noNaN: true }).map(Math.fround)

describe('convexHull', () => {
  it('gives the cube for a full 5³ lattice, coplanar points and all', () => {
    const points = Array.from({ length: 125 }, (_, i) => [i % 5, Math.floor(i / 5) % 5, Math.floor(i / 25)]).flat()
    const hull = convexHull(points)!
    expect(massProperties(hull).volume).toBeCloseTo(64, 9)
    expectHull(points)
  })
  it('is null for points in one plane, on one line and for too few', () => {
    expect(convexHull([0, 0, 0, 1, 0, 0, 0, 1, 0])).toBeNull()
    expect(convexHull([0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0.3, 0.2, 1])).toBeNull()
    expect(convexHull([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])).toBeNull()
    expect(convexHull([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])).toBeNull()
  })
  it('holds for random points, lattice points with many ties, and nearly flat sets', () => {
    fc.assert(
      fc.property(fc.array(real, { minLength: 12, maxLength: 180 }), a => expectHull(a.slice(0, a.length - (a.length % 3)))),
      { numRuns: 150 },
    )
    fc.assert(
      fc.property(fc.array(grid, { minLength: 12, maxLength: 240 }), a => expectHull(a.slice(0, a.length - (a.length % 3)))),
      { numRuns: 150 },
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(real, real, fc.integer({ min: 0, max: 2 })), { minLength: 4, maxLength: 60 }), a =>
        expectHull(a.flatMap(([x, y, z]) => [x, y, Math.fround(z * 1e-6)])),
      ),
      { numRuns: 100 },
    )
  })
  it('stays within a vertex limit and says how far it falls short', () => {
    const points = Array.from({ length: 4000 }, (_, i) => {
      const z = 1 - (2 * i + 1) / 4000
      const r = Math.sqrt(1 - z * z)
      return [r * Math.cos(2.4 * i), r * Math.sin(2.4 * i), z]
    }).flat()
    const hull = convexHull(points, 64)!
    expect(hull.positions.length / 3).toBe(64)
    expect(hull.error).toBeLessThan(0.1)
    expect(farthestOutside(hull, points)).toBeCloseTo(hull.error, 5)
    expect(convexHull(points)!.positions.length / 3).toBe(4000)
  })
})
