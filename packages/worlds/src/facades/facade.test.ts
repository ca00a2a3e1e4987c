import { Key } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { ERAS, house } from './facade.ts'

interface Face {
  readonly part: string
  readonly corners: readonly (readonly number[])[]
}

function facesOf(seed: number, era: (typeof ERAS)[number]): Face[] {
  const draft = house(Key.fromSeed(seed), { width: 10, floors: 2, era, lit: 0.2 })
  const g = draft.fields.geometry
  if (g.type !== 'mesh') throw new Error('houses are meshes')
  const names = g.parts!.flatMap(part => new Array<string>(part.triangles).fill(part.name))
  return names.map((part, t) => ({ part, corners: [0, 1, 2].map(j => [0, 1, 2].map(k => g.positions[3 * g.indices[3 * t + j]! + k]!)) }))
}

/** Whether a face hides or shows (x, z) to who looks straight at the front. */
function covers({ corners }: Face, x: number, z: number): boolean {
  const s = [0, 1, 2].map(k => {
    const [p, q] = [corners[k]!, corners[(k + 1) % 3]!]
    return (q[0]! - p[0]!) * (z - p[2]!) - (q[2]! - p[2]!) * (x - p[0]!)
  })
  return s.every(v => v > 0) || s.every(v => v < 0)
}

const mean = (f: Face, k: number) => f.corners.reduce((s, c) => s + c[k]!, 0) / 3
/** Whether a face is parallel to the front and looks at the street. */
function frontal({ corners: [a, b, c] }: Face): boolean {
  const [u, v] = [b!.map((x, k) => x - a![k]!), c!.map((x, k) => x - a![k]!)]
  return Math.abs(u[1]!) < 1e-9 && Math.abs(v[1]!) < 1e-9 && u[2]! * v[0]! - u[0]! * v[2]! < 0
}
/** Nearest and farthest place of a face behind the front. */
const near = (f: Face) => Math.min(...f.corners.map(c => c[1]!))
const far = (f: Face) => Math.max(...f.corners.map(c => c[1]!))

describe.each(ERAS)('a house of the era %s', era => {
  const houses = [3, 4, 5].map(seed => facesOf(seed, era))

  test('has no wall before its panes and doors, nor in their planes', () => {
    for (const faces of houses) {
      const walls = faces.filter(f => f.part === 'wall' || f.part === 'base')
      for (const part of ['glass', 'lit-glass', 'shop-glass', 'door']) {
        const sheets = faces.filter(f => f.part === part && frontal(f))
        for (const f of sheets) {
          const [x, z] = [mean(f, 0), mean(f, 2)]
          const before = walls.filter(w => near(w) < near(f) + 0.003 && covers(w, x, z))
          expect(before, `${part} at ${x}, ${z}`).toEqual([])
        }
      }
    }
  })

  test('has shops that one sees into: behind most of a pane nothing stands within 15 cm', () => {
    for (const faces of houses) {
      const panes = faces.filter(f => f.part === 'shop-glass')
      for (let t = 0; t < panes.length; t += 2) {
        const y = near(panes[t]!)
        const corners = [...panes[t]!.corners, ...panes[t + 1]!.corners]
        const [x0, x1] = [Math.min(...corners.map(c => c[0]!)), Math.max(...corners.map(c => c[0]!))]
        const [z0, z1] = [Math.min(...corners.map(c => c[2]!)), Math.max(...corners.map(c => c[2]!))]
        const stops = faces.filter(f => f.part !== 'shop-glass' && far(f) >= y && near(f) <= y + 0.15)
        // A grid of looks straight in; bars and goods may stop some of them.
        let free = 0
        for (let a = 0.5; a < 12; a++)
          for (let b = 0.5; b < 4; b++) if (!stops.some(f => covers(f, x0 + ((x1 - x0) * a) / 12, z0 + ((z1 - z0) * b) / 4))) free++
        expect(free / 48, `pane from ${x0} to ${x1}`).toBeGreaterThan(0.75)
      }
    }
    if (era !== 'timber') expect(houses.some(faces => faces.some(f => f.part === 'shop-glass'))).toBe(true)
  })
})
