import { describe, expect, it } from 'vitest'
import { bounds, boundsSize } from '../mesh/bounds.ts'
import { convexHull } from '../mesh/convex-hull.ts'
import { massProperties } from '../mesh/mass-properties.ts'
import { watertightness } from '../mesh/watertightness.ts'
import { SHAPE_NAMES, type ShapeName } from '../schema/geometry.ts'
import { shapeGeometry } from './shape-geometry.ts'
import { TORUS_RADII } from './torus.ts'

const closed = SHAPE_NAMES.filter(n => n !== 'plane')
const CONVEX: readonly ShapeName[] = ['cone', 'cube', 'cylinder', 'sphere']

describe.each(closed)('%s', name => {
  const { mesh, hulls } = shapeGeometry(name)

  it('is one closed body, outside out', () => {
    expect(watertightness(mesh)).toEqual({
      watertight: true,
      boundaryEdges: 0,
      nonManifoldEdges: 0,
      misorientedEdges: 0,
      components: 1,
      degenerateTriangles: 0,
    })
    expect(massProperties(mesh).volume).toBeGreaterThan(0.01)
    expect(mesh.indices.length / 3).toBeLessThan(26_000)
  })

  it('has its centre of mass at the origin and a longest edge of 1', () => {
    for (const c of massProperties(mesh).centerOfMass) expect(Math.abs(c)).toBeLessThan(1e-7)
    expect(Math.max(...boundsSize(bounds(mesh.positions)))).toBeCloseTo(1, 6)
  })

  it('has unit normals on the side of its faces, and uvs in [0, 1]', () => {
    const { positions: p, indices, normals, uvs } = mesh
    let agree = 0
    for (let t = 0; t < indices.length; t += 3) {
      const v = [0, 1, 2].map(k => 3 * indices[t + k]!) as [number, number, number]
      const e = [1, 2].map(k => [0, 1, 2].map(x => p[v[k]! + x]! - p[v[0] + x]!)) as [number[], number[]]
      const n = [0, 1, 2].map(x => e[0][(x + 1) % 3]! * e[1][(x + 2) % 3]! - e[0][(x + 2) % 3]! * e[1][(x + 1) % 3]!)
      const l = Math.hypot(...n)
      if (v.every(i => [0, 1, 2].reduce((s, x) => s + normals![i + x]! * n[x]!, 0) > 0.5 * l)) agree++
    }
    expect(agree / (indices.length / 3)).toBeGreaterThan(0.99)
    for (let i = 0; i < normals!.length; i += 3)
      expect(Math.abs(Math.hypot(normals![i]!, normals![i + 1]!, normals![i + 2]!) - 1)).toBeLessThan(1e-5)
    for (const x of uvs!) if (!(x >= 0 && x <= 1)) expect.fail(`uv ${x}`)
  })

  it('has solid hulls of at most 64 vertices that keep to the shape and cover it', () => {
    expect(hulls.length).toBeGreaterThan(0)
    expect(hulls.length).toBeLessThanOrEqual(64)
    if (CONVEX.includes(name)) expect(hulls.length).toBe(1)
    const solid = hulls.map(h => convexHull(h)!)
    for (const h of hulls) expect(h.length / 3).toBeLessThanOrEqual(64)
    for (const h of solid) expect(massProperties(h).volume).toBeGreaterThan(1e-6)
    // No vertex of the shape is farther than 2.2 % of its size from the hulls (the sponge's small tunnels are filled, so it lies inside).
    let worst = 0
    for (let i = 0; i < mesh.positions.length; i += 15) {
      const q = mesh.positions.subarray(i - (i % 3), i - (i % 3) + 3)
      worst = Math.max(worst, Math.min(...solid.map(h => heightAbove(h, q))))
    }
    expect(worst).toBeLessThan(0.022)
  })
})

/** Largest height of a point over a hull's faces; negative inside. */
function heightAbove({ positions: p, indices }: { positions: Float32Array; indices: Uint32Array }, q: Float32Array): number {
  let highest = Number.NEGATIVE_INFINITY
  for (let t = 0; t < indices.length; t += 3) {
    const v = [0, 1, 2].map(k => 3 * indices[t + k]!) as [number, number, number]
    const [ux, uy, uz] = [p[v[1]]! - p[v[0]]!, p[v[1] + 1]! - p[v[0] + 1]!, p[v[1] + 2]! - p[v[0] + 2]!]
    const [vx, vy, vz] = [p[v[2]]! - p[v[0]]!, p[v[2] + 1]! - p[v[0] + 1]!, p[v[2] + 2]! - p[v[0] + 2]!]
    const n = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx] as const
    const l = Math.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2])
    if (l < 1e-12) continue
    highest = Math.max(highest, (n[0] * (q[0]! - p[v[0]]!) + n[1] * (q[1]! - p[v[0] + 1]!) + n[2] * (q[2]! - p[v[0] + 2]!)) / l)
  }
  return highest
}

describe('volumes', () => {
  const volume = (name: ShapeName) => massProperties(shapeGeometry(name).mesh).volume
  // A regular n-gon in a circle has the share (n / 2π) sin(2π / n) of its area.
  const gon = (n: number) => (n / (2 * Math.PI)) * Math.sin((2 * Math.PI) / n)

  it('are those of the solids, up to tessellation', () => {
    expect(volume('cube')).toBeCloseTo(1, 12)
    expect(volume('cylinder')).toBeCloseTo((Math.PI / 4) * gon(96), 6)
    expect(volume('cone')).toBeCloseTo((Math.PI / 12) * gon(96), 6)
    const ball = Math.PI / 6
    expect(volume('sphere')).toBeLessThan(ball)
    expect(volume('sphere')).toBeGreaterThan(0.998 * ball)
    const ring = 2 * Math.PI * Math.PI * TORUS_RADII.major * TORUS_RADII.minor * TORUS_RADII.minor
    expect(volume('torus')).toBeLessThan(ring)
    expect(volume('torus')).toBeGreaterThan(0.996 * ring)
    expect(volume('sponge')).toBeCloseTo(400 / 729, 6)
  })

  it('of a torus knot agrees with Pappus, so the tube does not cut itself', () => {
    // Length of the curve by Simpson's rule over its exact derivative.
    const speed = (t: number) => {
      const r = 2 + Math.cos(3 * t)
      return Math.sqrt(9 + 4 * r * r)
    }
    const n = 600
    let length = 0
    for (let i = 0; i <= n; i++) length += speed((2 * Math.PI * i) / n) * (i === 0 || i === n ? 1 : i % 2 ? 4 : 2)
    length *= (2 * Math.PI) / n / 3
    const size = 1 / volumeScale()
    expect(volume('torus-knot') * size * size * size).toBeCloseTo(Math.PI * 0.42 * 0.42 * length, 0)
  })
  /** Size of the mesh relative to the curve as written, from its own tube. */
  function volumeScale(): number {
    const { positions } = shapeGeometry('torus-knot').mesh
    // Opposite points of one ring of the tube are a tube's diameter apart.
    const along = 385
    const [a, b] = [0, 16 * along]
    const d = Math.hypot(...[0, 1, 2].map(k => positions[3 * a + k]! - positions[3 * b + k]!))
    return d / 0.84
  }
})

describe('plane', () => {
  it('is the unit square facing +Z and has no hulls', () => {
    const { mesh, hulls } = shapeGeometry('plane')
    expect(bounds(mesh.positions)).toEqual({ min: [-0.5, -0.5, 0], max: [0.5, 0.5, 0] })
    expect([...mesh.normals!.subarray(0, 3)]).toEqual([0, 0, 1])
    expect(massProperties(mesh).area).toBeCloseTo(1, 12)
    expect(hulls).toEqual([])
  })
})
