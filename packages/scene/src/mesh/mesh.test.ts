import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shapeGeometry } from '../shapes/shape-geometry.ts'
import { bounds } from './bounds.ts'
import { checkMesh } from './check.ts'
import { convexDecomposition } from './convex-decomposition.ts'
import { convexHull } from './convex-hull.ts'
import { massProperties } from './mass-properties.ts'
import { computeNormals } from './normals.ts'
import { watertightness } from './watertightness.ts'
import { weld } from './weld.ts'

const cube = shapeGeometry('cube').mesh
const moved = (p: Float32Array, f: (v: readonly number[]) => readonly number[]) =>
  new Float32Array(Array.from({ length: p.length / 3 }, (_, i) => f([p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!])).flat())

describe('massProperties', () => {
  it('of a box: closed forms, wherever it is', () => {
    const number = fc.double({ min: 0.2, max: 5, noNaN: true })
    const place = fc.double({ min: -3, max: 3, noNaN: true })
    fc.assert(
      fc.property(number, number, number, place, place, place, (a, b, c, x, y, z) => {
        const m = massProperties({
          positions: moved(cube.positions, v => [v[0]! * a + x, v[1]! * b + y, v[2]! * c + z]),
          indices: cube.indices,
        })
        const V = a * b * c
        expect(m.volume / V).toBeCloseTo(1, 5)
        expect(m.area / (2 * (a * b + b * c + c * a))).toBeCloseTo(1, 5)
        for (const [k, v] of [x, y, z].entries()) expect(m.centerOfMass[k]).toBeCloseTo(v, 4)
        const I = [(V * (b * b + c * c)) / 12, (V * (a * a + c * c)) / 12, (V * (a * a + b * b)) / 12]
        for (let k = 0; k < 3; k++) expect(m.inertia[4 * k]! / I[k]!).toBeCloseTo(1, 4)
      }),
    )
  })
  it('of a tetrahedron: products of inertia too', () => {
    // Corners at the origin and the three unit points: about the origin the product ∫xy is 1/120, here moved to the centre (¼, ¼, ¼), V = 1/6.
    const m = massProperties({ positions: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], indices: [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3] })
    expect(m.volume).toBeCloseTo(1 / 6, 14)
    expect(m.inertia[1]).toBeCloseTo(-(1 / 120 - 1 / 6 / 16), 14)
    expect(m.inertia[0]).toBeCloseTo(2 * (1 / 60 - 1 / 6 / 16), 14)
  })
  it('is negative inside out', () => {
    expect(massProperties({ positions: cube.positions, indices: cube.indices.slice().reverse() }).volume).toBeCloseTo(-1, 6)
  })
})

describe('watertightness', () => {
  it('counts rims, flaps, flipped faces and pieces', () => {
    const { positions } = cube
    expect(watertightness({ positions, indices: cube.indices.slice(3) })).toMatchObject({ watertight: false, boundaryEdges: 3 })
    const flipped = cube.indices.slice()
    ;[flipped[0], flipped[1]] = [flipped[1]!, flipped[0]!]
    expect(watertightness({ positions, indices: flipped })).toMatchObject({ watertight: false, misorientedEdges: 3 })
    expect(watertightness({ positions, indices: [...cube.indices, ...cube.indices.slice(0, 3)] }).nonManifoldEdges).toBe(3)
    const two = {
      positions: [...positions, ...positions.map(x => x + 3)],
      indices: [...cube.indices, ...cube.indices.map(i => i + positions.length / 3)],
    }
    expect(watertightness(two)).toMatchObject({ watertight: true, components: 2 })
    expect(watertightness({ positions, indices: [...cube.indices, 0, 0, 1] }).degenerateTriangles).toBe(1)
  })
  it('welds equal positions, negative zero included', () => {
    expect(weld([0, 0, 0, -0, 0, 0, 1, 0, 0]).count).toBe(2)
    expect(weld([0, 0, 0, 0.4e-3, 0, 0], 1e-3).count).toBe(1)
    expect(weld(cube.positions).count).toBe(8)
  })
})

describe('computeNormals', () => {
  it('splits a cube at its edges and smooths it under a wide crease', () => {
    const flat = computeNormals({ positions: cube.positions, indices: cube.indices, uvs: null }, 0.5)
    expect(flat.positions.length / 3).toBe(24)
    const round = computeNormals({ positions: cube.positions, indices: cube.indices, uvs: null }, 2)
    expect(round.positions.length / 3).toBe(8)
    for (let i = 0; i < 24; i++) expect(Math.abs(round.normals[i]!)).toBeCloseTo(1 / Math.sqrt(3), 6)
  })
  it('is nearly radial on a sphere', () => {
    const { positions, indices } = shapeGeometry('sphere').mesh
    const { normals, positions: p } = computeNormals({ positions, indices, uvs: null }, 0.5)
    for (let i = 0; i < p.length; i++) expect(Math.abs(normals[i]! - 2 * p[i]!)).toBeLessThan(0.01)
  })
})

describe('checkMesh', () => {
  it('says what is wrong', () => {
    expect(() => checkMesh('m', { positions: [], indices: [] })).toThrow('empty')
    expect(() => checkMesh('m', { positions: [0, 0, 0], indices: [0, 0, 5] })).toThrow('names vertex 5')
    expect(() => checkMesh('m', { positions: [0, 0, 0, 1, 0, 0, 2, 0, 0], indices: [0, 1, 2] })).toThrow('no area')
    expect(() => checkMesh('m', { positions: [0, 0, Number.NaN, 1, 0, 0, 2, 0, 0], indices: [0, 1, 2] })).toThrow('NaN')
    expect(() => checkMesh('m', { ...cube, uvs: [0, 1] })).toThrow('uvs')
  })
})

/** An open pot: a tube with a floor, wall 0.1 of its radius 1, height 1, floor 0.15; every vertex once. */
function pot() {
  const n = 48
  const section = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0.9, 1],
    [0.9, 0.15],
    [0, 0.15],
  ] as const
  const positions: number[] = []
  const indices: number[] = []
  for (const [r, z] of section)
    for (let i = 0; i < n; i++) positions.push(r * Math.cos((2 * Math.PI * i) / n), r * Math.sin((2 * Math.PI * i) / n), z)
  for (let j = 0; j + 1 < section.length; j++) {
    for (let i = 0; i < n; i++) {
      const [a, b] = [j * n + i, j * n + ((i + 1) % n)]
      indices.push(a, b, b + n, a, b + n, a + n)
    }
  }
  return { positions: new Float32Array(positions), indices: new Uint32Array(indices) }
}

describe('convexDecomposition', () => {
  const inside = (hulls: readonly Float32Array[], q: readonly number[]) =>
    hulls.some(
      h =>
        convexHull([...h, ...q])!.positions.length === convexHull(h)!.positions.length &&
        !containsVertex(convexHull([...h, ...q])!.positions, q),
    )
  const containsVertex = (p: Float32Array, q: readonly number[]) => {
    for (let i = 0; i < p.length; i += 3)
      if (p[i] === Math.fround(q[0]!) && p[i + 1] === Math.fround(q[1]!) && p[i + 2] === Math.fround(q[2]!)) return true
    return false
  }

  it('keeps a pot hollow, its wall and floor solid', () => {
    const mesh = pot()
    const hulls = convexDecomposition(mesh, { voxels: 30_000 })
    expect(hulls.length).toBeLessThanOrEqual(80)
    for (const h of hulls) expect(h.length / 3).toBeLessThanOrEqual(96)
    // A ball of radius 0.6 fits: points of it are in no hull.
    for (const [x, y, z] of [
      [0, 0, 0.3],
      [0.6, 0, 0.8],
      [-0.55, 0.2, 0.8],
      [0, -0.6, 0.8],
      [0.4, 0.4, 0.6],
      [0, 0, 1],
    ] as const) {
      expect(inside(hulls, [x, y, z])).toBe(false)
    }
    for (const q of [
      [0.11, 0.07, 0.07],
      [-0.5, 0.3, 0.08],
      [0.95, 0.01, 0.5],
      [0.01, -0.95, 0.7],
    ])
      expect(inside(hulls, q)).toBe(true)
    const sum = hulls.reduce((v, h) => v + massProperties(convexHull(h)!).volume, 0)
    expect(sum / massProperties(mesh).volume).toBeGreaterThan(0.95)
    expect(sum / massProperties(mesh).volume).toBeLessThan(1.5)
    expect(convexDecomposition(mesh, { voxels: 30_000 })).toEqual(hulls)
  })
  it('gives a convex mesh as one hull and a flat one as none', () => {
    expect(convexDecomposition(shapeGeometry('sphere').mesh)).toHaveLength(1)
    expect(convexDecomposition(shapeGeometry('plane').mesh)).toEqual([])
  })
  it('does not reach outside the mesh', () => {
    const mesh = shapeGeometry('torus').mesh
    const b = bounds(convexDecomposition(mesh, { voxels: 8_000 }).flatMap(h => [...h]))
    for (let k = 0; k < 3; k++) {
      expect(b.max[k]!).toBeLessThanOrEqual(bounds(mesh.positions).max[k]! + 1e-6)
      expect(b.min[k]!).toBeGreaterThanOrEqual(bounds(mesh.positions).min[k]! - 1e-6)
    }
  })
})
