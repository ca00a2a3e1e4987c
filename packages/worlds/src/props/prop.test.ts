import { convexHull, massProperties, NO_ASSETS, resolveScene, type SceneInput, sceneSchema, watertightness } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { scene } from '../builder/scene.ts'
import { camera } from '../toolkit/cameras.ts'
import { PROP_IDS, PROP_KINDS, PROP_VARIANTS, prop, propLength } from './prop.ts'

const geometryOf = (id: string) => prop(id).fields.geometry as Extract<NonNullable<SceneInput['geometries']>[string], { type: 'mesh' }>

/** How far a point is outside a convex hull, by its faces' planes; negative inside. */
function outside(planes: readonly (readonly [number, number, number, number])[], p: readonly number[]): number {
  return Math.max(...planes.map(([a, b, c, d]) => a * p[0]! + b * p[1]! + c * p[2]! - d))
}

function planesOf(points: readonly number[]): [number, number, number, number][] {
  const hull = convexHull(points)!
  const at = (i: number) => [0, 1, 2].map(k => hull.exact[3 * i + k]!)
  const planes: [number, number, number, number][] = []
  for (let t = 0; t < hull.indices.length; t += 3) {
    const [a, b, c] = [at(hull.indices[t]!), at(hull.indices[t + 1]!), at(hull.indices[t + 2]!)]
    const [u, v] = [b.map((x, k) => x - a[k]!), c.map((x, k) => x - a[k]!)]
    const n = [u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!]
    const l = Math.sqrt(n[0]! * n[0]! + n[1]! * n[1]! + n[2]! * n[2]!)
    // Slivers have no direction to speak of, and their neighbours say the same.
    if (l > 1e-5) planes.push([n[0]! / l, n[1]! / l, n[2]! / l, (n[0]! * a[0]! + n[1]! * a[1]! + n[2]! * a[2]!) / l])
  }
  return planes
}

describe('props', () => {
  test('there are at least twenty kinds; ids name kind and variant', () => {
    expect(PROP_KINDS.length).toBeGreaterThanOrEqual(50)
    expect(PROP_IDS).toHaveLength(PROP_KINDS.length * PROP_VARIANTS)
    expect(() => prop('mugg-1')).toThrow(/there is no prop "mugg-1"; did you mean "mug-1"/)
    expect(() => prop('mug-99')).toThrow(/no prop "mug-99"/)
    expect(prop('mug-3')).toEqual(prop('mug-3'))
    expect(prop('mug-3').fields.geometry).not.toEqual(prop('mug-4').fields.geometry)
  })

  test.each(PROP_KINDS)('%s is closed, faces out, measures 1 about its centre of mass, and its hulls are what is seen', kind => {
    for (const variant of [1 + (PROP_KINDS.indexOf(kind) % PROP_VARIANTS)]) {
      const g = geometryOf(`${kind}-${variant}`)
      // Parts may touch along edges, which then have four faces; holes and faces turned in are what must not be.
      const w = watertightness(g, 1e-7)
      expect([w.boundaryEdges, w.misorientedEdges], `${kind}-${variant}`).toEqual([0, 0])
      const { volume, centerOfMass } = massProperties(g)
      expect(volume).toBeGreaterThan(0.001)
      for (const c of centerOfMass) expect(Math.abs(c)).toBeLessThan(0.002)
      const extents = [0, 1, 2].map(k => {
        const values = g.positions.filter((_, i) => i % 3 === k)
        return Math.max(...values) - Math.min(...values)
      })
      expect(Math.max(...extents)).toBeCloseTo(1, 3)
      // Every place that is seen is within 2.5 % of the size of some hull, so nothing sinks in.
      const hulls = g.hulls!.map(planesOf)
      let worst = 0
      for (let i = 0; i < g.positions.length; i += 3 * 7) {
        const p = g.positions.slice(i, i + 3)
        worst = Math.max(worst, Math.min(...hulls.map(h => outside(h, p))))
      }
      expect(worst, `${kind}-${variant}: what is seen stands out of the hulls`).toBeLessThan(0.025)
      expect(propLength(`${kind}-${variant}`)).toBeGreaterThan(0.01)
    }
  })

  test('they resolve with their materials and textures', async () => {
    const s = scene().add(camera({ position: [3, 0, 0] }))
    for (const kind of PROP_KINDS.filter((_, i) => i % 5 === 0)) s.add(prop(`${kind}-2`).dynamic())
    const resolved = resolveScene(sceneSchema.parse(await s.finish(NO_ASSETS)), NO_ASSETS)
    expect(resolved.objects).toHaveLength(Math.ceil(PROP_KINDS.length / 5))
    expect(resolved.images.size).toBeGreaterThan(0)
  })
})
