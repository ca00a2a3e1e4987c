import { Key, vec3 } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { region } from './region.ts'
import { scatter } from './scatter.ts'
import { splitIds } from './splits.ts'

describe('scatter', () => {
  test('points keep their distance, stay in the region, and leave no hole that would take another', () => {
    for (let seed = 0; seed < 5; seed++) {
      const r = region([-2, 1, 0.5], [3, 4, 0.5])
      const points = scatter(Key.fromSeed(seed), r, 0.4)
      for (const [i, p] of points.entries()) {
        expect(p[0] >= -2 && p[0] <= 3 && p[1] >= 1 && p[1] <= 4 && p[2] === 0.5).toBe(true)
        for (const q of points.slice(i + 1)) expect(vec3.distance(p, q)).toBeGreaterThanOrEqual(0.4)
      }
      // Maximal up to luck: a random spot is farther than twice the distance from all points with no chance worth the name.
      for (const k of Key.fromSeed(seed).fork('probe').times(300)) {
        const spot = [k.fork('x').uniform(-2, 3), k.fork('y').uniform(1, 4), 0.5] as const
        expect(Math.min(...points.map(p => vec3.distance(p, spot)))).toBeLessThan(0.8)
      }
      expect(scatter(Key.fromSeed(seed), r, 0.4, 7)).toEqual(points.slice(0, 7))
    }
  })

  test('the first few are spread evenly over the halves', () => {
    let left = 0
    for (let seed = 0; seed < 200; seed++)
      left += scatter(Key.fromSeed(seed), region([0, 0, 0], [2, 2, 0]), 0.5, 1).filter(p => p[0] < 1).length
    // Binomial(200, ½): beyond 5 deviations of 7.07 with p < 1e-6.
    expect(Math.abs(left - 100)).toBeLessThan(36)
  })
})

describe('splits', () => {
  const ids = Array.from({ length: 1033 }, (_, i) => `object-${i}`)
  test('a tenth is for the test, the rest for training, whatever the order', () => {
    const test = splitIds(ids, 'test')
    const train = splitIds([...ids].reverse(), 'train')
    expect(test).toHaveLength(103)
    expect([...test, ...train].sort()).toEqual([...ids].sort())
    expect(splitIds(ids, 'all')).toEqual([...ids].sort())
  })

  test('one more asset moves at most one across', () => {
    const before = new Set(splitIds(ids, 'test'))
    for (const extra of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      const after = new Set(splitIds([...ids, extra], 'test'))
      expect([...before].filter(id => !after.has(id)).length).toBeLessThanOrEqual(1)
    }
  })
})
