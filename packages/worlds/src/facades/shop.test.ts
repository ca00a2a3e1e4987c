import { Key } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { ERAS, house } from './facade.ts'

describe('shops', () => {
  test('have glass that one sees through: no wall stands behind it within a hand', () => {
    let shops = 0
    for (const [i, era] of ERAS.entries()) {
      const draft = house(Key.fromSeed(3).fork(i), { width: 10, floors: 2, era, lit: 0.2 })
      const g = draft.fields.geometry
      if (g.type !== 'mesh') throw new Error('houses are meshes')
      let first = 0
      const faces = g.parts!.flatMap(part => {
        const from = first
        first += part.triangles
        return Array.from({ length: part.triangles }, (_, t) => ({
          part: part.name,
          corners: [0, 1, 2].map(j => [0, 1, 2].map(k => g.positions[3 * g.indices[3 * (from + t) + j]! + k]!)),
        }))
      })
      const glass = faces.filter(f => f.part === 'shop-glass').map(f => f.corners)
      if (glass.length === 0) continue
      shops++
      for (let t = 0; t < glass.length; t += 2) {
        const xs = [...glass[t]!, ...glass[t + 1]!].map(c => c[0]!)
        const zs = [...glass[t]!, ...glass[t + 1]!].map(c => c[2]!)
        const [x0, x1, z0, z1] = [Math.min(...xs), Math.max(...xs), Math.min(...zs), Math.max(...zs)]
        const y = glass[t]![0]![1]!
        // A grid of looks straight in; bars and goods may stop some of them.
        let free = 0
        for (let a = 0.5; a < 12; a++)
          for (let b = 0.5; b < 4; b++) {
            const [x, z] = [x0 + ((x1 - x0) * a) / 12, z0 + ((z1 - z0) * b) / 4]
            const stopped = faces.some(({ part, corners }) => {
              if (part === 'shop-glass' || corners.every(c => c[1]! < y) || corners.every(c => c[1]! > y + 0.15)) return false
              const side = (p: number[], q: number[]) => (q[0]! - p[0]!) * (z - p[2]!) - (q[2]! - p[2]!) * (x - p[0]!)
              const s = [0, 1, 2].map(k => side(corners[k]!, corners[(k + 1) % 3]!))
              return s.every(v => v > 0) || s.every(v => v < 0)
            })
            if (!stopped) free++
          }
        expect(free / 48, `${era}, pane from ${x0} to ${x1}`).toBeGreaterThan(0.75)
      }
    }
    expect(shops).toBeGreaterThan(1)
  })
})
