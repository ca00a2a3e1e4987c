import { Key, vec3 } from '@dioramic/scene'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pointIn, pointInHalfShell, region } from './region.ts'

const keys = (n: number) => Key.fromSeed(0).fork('test').times(n)

describe('region', () => {
  test('points are inside and uniform', () => {
    const r = region([-1, 2, 0], [3, 2, 0.5])
    const n = 4000
    const points = keys(n).map(k => pointIn(r, k))
    for (const p of points) for (const i of [0, 1, 2] as const) expect(p[i] >= r.min[i] && p[i] <= r.max[i]).toBe(true)
    // Mean of U(-1, 3) is 1 with standard error 4/√12/√n.
    const mean = points.reduce((s, p) => s + p[0], 0) / n
    expect(Math.abs(mean - 1)).toBeLessThan((4 * 4) / Math.sqrt(12 * n))
  })

  test('corners the wrong way round are named', () => {
    expect(() => region([0, 1, 0], [1, 0, 1])).toThrow(/min y = 1 is above max y = 0/)
  })
})

describe('half shell', () => {
  test('points keep to radii, height and centre, for any of them', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        fc.nat(),
        (inner, width, share, seed) => {
          const outer = inner + width
          const minZ = share * inner
          const p = pointInHalfShell(Key.fromSeed(seed), inner, outer, minZ, [1, 2, 3])
          const q = vec3.sub(p, [1, 2, 3])
          const r = vec3.length(q)
          expect(r).toBeGreaterThanOrEqual(inner * (1 - 1e-12))
          expect(r).toBeLessThanOrEqual(outer * (1 + 1e-12))
          expect(q[2]).toBeGreaterThanOrEqual(minZ)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('density is uniform by volume: radius cubed and, at minZ 0, height over radius are uniform (χ², 10 bins)', () => {
    const n = 5000
    const points = keys(n).map(k => pointInHalfShell(k, 7, 9, 0))
    const chi2 = (values: number[]) => {
      const bins = new Array<number>(10).fill(0)
      for (const v of values) bins[Math.min(9, Math.floor(v * 10))]!++
      return bins.reduce((s, b) => s + ((b - n / 10) * (b - n / 10)) / (n / 10), 0)
    }
    const cube = (x: number) => x * x * x
    const u = points.map(p => (cube(vec3.length(p)) - cube(7)) / (cube(9) - cube(7)))
    const v = points.map(p => p[2] / vec3.length(p))
    // 99.99 % quantile of χ² with 9 degrees of freedom.
    expect(chi2(u)).toBeLessThan(33.72)
    expect(chi2(v)).toBeLessThan(33.72)
  })

  test('an empty shell is refused', () => {
    expect(() => pointInHalfShell(Key.fromSeed(1), 2, 1)).toThrow(/inner <= outer/)
  })
})
