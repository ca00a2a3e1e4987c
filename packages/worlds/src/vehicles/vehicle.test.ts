import { Key } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import type { ObjectDraft } from '../builder/object.ts'
import { box } from '../solids/box.ts'
import { CARS, type CarName, car } from './car.ts'
import { bus } from './large.ts'
import { around, Skin } from './skin.ts'
import { truck } from './truck.ts'
import { van } from './van.ts'

const key = Key.fromSeed(11)
const VEHICLES: Record<string, ObjectDraft> = {
  ...Object.fromEntries((Object.keys(CARS) as CarName[]).map(name => [name, car(key.fork(name), name, 1)])),
  van: van(key.fork('van'), 1),
  truck: truck(key.fork('truck'), 1),
  bus: bus(key.fork('bus'), 1),
}

type Bounds = { min: number[]; max: number[] }

/** Bounds of the corners of the parts that are asked for. */
function bounds(draft: ObjectDraft, wanted: (part: string) => boolean, also: (x: number) => boolean = () => true): Bounds {
  const g = draft.fields.geometry
  if (g.type !== 'mesh') throw new Error('vehicles are meshes')
  const out: Bounds = { min: [Infinity, Infinity, Infinity], max: [-Infinity, -Infinity, -Infinity] }
  let first = 0
  for (const part of g.parts!) {
    for (let i = 3 * first; i < 3 * (first + part.triangles) && wanted(part.name); i++) {
      const p = [0, 1, 2].map(k => g.positions[3 * g.indices[i]! + k]!)
      if (!also(p[0]!)) continue
      for (const k of [0, 1, 2]) {
        out.min[k] = Math.min(out.min[k]!, p[k]!)
        out.max[k] = Math.max(out.max[k]!, p[k]!)
      }
    }
    first += part.triangles
  }
  return out
}

describe.each(Object.entries(VEHICLES))('%s', (_, draft) => {
  const whole = bounds(draft, () => true)
  const body = bounds(draft, part => part === 'body' || part === 'box')

  test('has a number plate before and behind, in the middle half, clear of the ground', () => {
    for (const end of [1, -1]) {
      const plate = bounds(
        draft,
        part => part === 'plates',
        x => x * end > 0,
      )
      expect(plate.max[1]! - plate.min[1]!).toBeCloseTo(0.52, 3)
      expect(Math.abs(plate.max[1]! + plate.min[1]!) / 2).toBeLessThan(body.max[1]! / 2)
      expect(plate.min[2]).toBeGreaterThan(0.25)
      // Nothing else of the vehicle is more than 16 cm further out.
      expect(Math.max(end * whole.max[0]!, end * whole.min[0]!) - Math.max(end * plate.max[0]!, end * plate.min[0]!)).toBeLessThan(0.16)
    }
  })

  test('its lamps are set into it: none is wider than the body, none stands off its rear', () => {
    const others = bounds(draft, part => !part.includes('lamp') && part !== 'indicators')
    for (const part of ['tail-lamps', 'reversing-lamps']) {
      const lamps = bounds(draft, name => name === part)
      expect(lamps.min[0]! - others.min[0]!, part).toBeGreaterThan(-0.015)
      expect(lamps.max[1]! - body.max[1]!, part).toBeLessThan(0.015)
      expect(lamps.max[1]! + lamps.min[1]!, part).toBeCloseTo(0, 3)
      expect(lamps.max[0], part).toBeLessThan(0)
    }
  })

  test('fits a lane and takes a reasonable number of triangles', () => {
    expect(whole.max[1]! - whole.min[1]!).toBeLessThan(3.1)
    expect(whole.min[2]).toBeGreaterThan(-0.01)
    const g = draft.fields.geometry
    expect(g.type === 'mesh' && g.indices.length / 3).toBeLessThan(16000)
  })
})

describe('a skin', () => {
  const skin = new Skin(box([2, 1, 1], 0))

  test('finds the outside of each side, and nothing beside it', () => {
    expect(skin.at('front', [0.2, 0.1])?.point).toEqual([1, 0.2, 0.1])
    expect(skin.at('rear', [0.2, 0.1])?.point).toEqual([-1, 0.2, 0.1])
    expect(skin.at('left', [0.7, -0.3])?.point).toEqual([0.7, 0.5, -0.3])
    expect(skin.at('right', [0.7, -0.3])?.normal).toEqual([0, -1, 0])
    expect(skin.at('front', [0.6, 0])).toBeUndefined()
  })

  test.each(['front', 'rear', 'left', 'right'] as const)('patches on the %s face outwards, where they were asked for', side => {
    const axis = side === 'front' || side === 'rear' ? 0 : 1
    const out = (side === 'front' || side === 'left' ? 1 : -1) * (axis === 0 ? 1 : 0.5)
    const patch = skin.patch(side, around([0.1, 0], 0.4, 0.2), { stands: 0.01, round: 0.3 })
    const { positions: p, indices } = patch
    const coordinate = (k: number) => p.filter((_, i) => i % 3 === k)
    expect(Math.max(...coordinate(axis).map(x => x * Math.sign(out)))).toBeCloseTo(Math.abs(out) + 0.01, 6)
    expect(Math.max(...coordinate(1 - axis))).toBeCloseTo(0.3, 6)
    expect(Math.max(...coordinate(2))).toBeCloseTo(0.1, 6)
    // The front of the patch has the sum of its areas in the direction out.
    let area = 0
    for (let i = 0; i < indices.length; i += 3) {
      const [a, b, c] = [0, 1, 2].map(j => [0, 1, 2].map(k => p[3 * indices[i + j]! + k]!)) as [number[], number[], number[]]
      const [u, v] = [b.map((x, k) => x - a[k]!), c.map((x, k) => x - a[k]!)]
      const [j, k] = [(axis + 1) % 3, (axis + 2) % 3] as const
      area += (u[j]! * v[k]! - u[k]! * v[j]!) / 2
    }
    expect(area * Math.sign(out)).toBeGreaterThan(0.07)
    expect(area * Math.sign(out)).toBeLessThan(0.08)
  })

  test('says so when there is nothing to press on', () => {
    expect(() => skin.patch('front', around([3, 0], 0.1, 0.1))).toThrow('pressed: there is no front at 3.00, 0.00')
  })
})
