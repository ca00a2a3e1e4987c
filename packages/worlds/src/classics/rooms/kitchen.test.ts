import { Key, quat, type Vec3, vec3 } from '@dioramic/scene'
import { expect, test } from 'vitest'
import type { ObjectDraft } from '../../builder/object.ts'
import { kitchen } from './kitchen.ts'
import type { Opening, Room } from './shell.ts'

/** Bounds of every convex piece of a draft, or of its triangles where nothing touches it, world. */
function pieces({ fields }: ObjectDraft): { min: Vec3; max: Vec3 }[] {
  const g = fields.geometry
  if (g.type !== 'mesh') return []
  const place = (v: Vec3) => vec3.add(fields.position, quat.rotate(fields.rotation, v))
  const corner = (i: number): Vec3 => [g.positions[3 * i]!, g.positions[3 * i + 1]!, g.positions[3 * i + 2]!]
  const sets: Vec3[][] = (g.hulls ?? []).map(h => Array.from({ length: h.length / 3 }, (_, i) => [h[3 * i]!, h[3 * i + 1]!, h[3 * i + 2]!]))
  if (sets.length === 0) for (let i = 0; i < g.indices.length; i += 3) sets.push([0, 1, 2].map(k => corner(g.indices[i + k]!)))
  return sets.map(s => {
    const points = s.map(place)
    const bound = (f: (...x: number[]) => number) => [0, 1, 2].map(k => f(...points.map(p => p[k]!))) as unknown as Vec3
    return { min: bound(Math.min), max: bound(Math.max) }
  })
}

/** How far a piece reaches into an opening of the far wall, metres: the less of the two ways. */
const into = (room: Room, o: Opening, { min, max }: { min: Vec3; max: Vec3 }): number => {
  const x = room.point(o.wall, o.along, 0)[0]
  const sideways = Math.min(max[0] - (x - o.width / 2), x + o.width / 2 - min[0])
  return Math.min(sideways, max[2] - o.sill, o.sill + o.height - min[2])
}

test('neither wall units nor tiles stand before a window, and its sill is at its foot', () => {
  for (let seed = 0; seed < 16; seed++) {
    const { room, windows, things } = kitchen(Key.fromSeed(seed), false)
    const far = windows.filter(o => o.wall === 'far')
    expect(far.length).toBe(1)
    for (const category of ['wall-units', 'backsplash']) {
      const found = things.filter(t => t.fields.category === category).flatMap(pieces)
      expect(found.length, category).toBeGreaterThan(2)
      for (const o of far) expect(Math.max(...found.map(p => into(room, o, p))), `${category}, seed ${seed}`).toBeLessThan(1e-4)
    }
  }
})
