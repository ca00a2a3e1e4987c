import { Key } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { STOOL_RADIUS } from './seats.ts'
import { duvet, foldedTowel, pillow } from './soft.ts'
import { towelStack } from './things.ts'

const heights = (positions: readonly number[]) => positions.filter((_, i) => i % 3 === 2)
const keys = Array.from({ length: 20 }, (_, seed) => Key.fromSeed(seed))

describe('soft goods', () => {
  test('a pile of towels lies within the seat of a stool', () => {
    for (const key of keys) {
      const [w, d] = towelStack(key).size
      expect(Math.sqrt(w * w + d * d) / 2).toBeLessThan(STOOL_RADIUS)
    }
  })

  test('a folded towel is as large as it says and lies on its support', () => {
    for (const key of keys) {
      const { positions } = foldedTowel(0.25, 0.19, 0.055, key)
      expect(Math.max(...positions.filter((_, i) => i % 3 === 0).map(Math.abs))).toBeLessThanOrEqual(0.13)
      expect(Math.min(...heights(positions))).toBeGreaterThan(-0.001)
      expect(Math.max(...heights(positions))).toBeCloseTo(0.055, 2)
    }
  })

  test('a pillow is thin at its seams and its corners stand out', () => {
    for (const key of keys) {
      const { positions } = pillow([0.4, 0.4, 0.15], key)
      const points = Array.from({ length: positions.length / 3 }, (_, i) => positions.slice(3 * i, 3 * i + 3) as [number, number, number])
      const reach = (pick: (p: [number, number, number]) => boolean) => Math.max(...points.filter(pick).map(p => Math.abs(p[0])))
      expect(reach(p => Math.abs(p[1]) > 0.15)).toBeGreaterThan(reach(p => Math.abs(p[1]) < 0.03) + 0.01)
      expect(Math.max(...points.map(p => Math.abs(p[2])))).toBeCloseTo(0.075, 2)
    }
  })

  test('a duvet hangs to its hem all round and its cloth has no holes', () => {
    for (const key of keys) {
      const { positions, indices } = duvet(1.5, 1.4, 0.21, key)
      expect(Math.min(...heights(positions))).toBeGreaterThan(-0.24)
      expect(Math.max(...heights(positions))).toBeLessThan(0.08)
      // By place: vertices of creases are doubled.
      const at = (i: number) => [0, 1, 2].map(k => Math.round(positions[3 * i + k]! * 1e6)).join()
      const edges = new Map<string, number>()
      for (let t = 0; t < indices.length; t += 3)
        for (let k = 0; k < 3; k++) {
          const [a, b] = [at(indices[t + k]!), at(indices[t + ((k + 1) % 3)]!)]
          const [name, way] = a < b ? [`${a} ${b}`, 1] : [`${b} ${a}`, -1]
          edges.set(name, (edges.get(name) ?? 0) + way)
        }
      expect([...edges.values()].every(n => n === 0)).toBe(true)
    }
  })
})
