import { type Mesh, shapeGeometry } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { basinOf } from './basin.ts'

/** A surface of revolution: [radius, z] from the middle outwards, moved by (x, y). */
function lathe(profile: readonly (readonly [number, number])[], x = 0, y = 0, sides = 96): Mesh {
  const positions: number[] = []
  const indices: number[] = []
  for (const [r, z] of profile) {
    for (let s = 0; s < sides; s++)
      positions.push(x + r * Math.cos((2 * Math.PI * s) / sides), y + r * Math.sin((2 * Math.PI * s) / sides), z)
  }
  for (let ring = 0; ring + 1 < profile.length; ring++) {
    for (let s = 0; s < sides; s++) {
      const [a, b] = [ring * sides + s, ring * sides + ((s + 1) % sides)]
      indices.push(a, b, a + sides, b, b + sides, a + sides)
    }
  }
  return {
    positions: Float32Array.from(positions),
    indices: Uint32Array.from(indices),
    normals: null,
    uvs: null,
    parts: [{ firstTriangle: 0, triangles: indices.length / 3, material: null }],
  }
}

const PAN = [
  [0, 0],
  [0.09, 0],
  [0.11, 0.05],
] as const

function join(a: Mesh, b: Mesh): Mesh {
  const shift = a.positions.length / 3
  const indices = Uint32Array.from([...a.indices, ...[...b.indices].map(i => i + shift)])
  return {
    ...a,
    positions: Float32Array.from([...a.positions, ...b.positions]),
    indices,
    parts: [{ firstTriangle: 0, triangles: indices.length / 3, material: null }],
  }
}

describe('basin', () => {
  test('a pan holds water to its rim, round its middle', () => {
    const basin = basinOf(lathe(PAN, 0.3, -0.2))!
    expect(basin.center[0]).toBeCloseTo(0.3, 2)
    expect(basin.center[1]).toBeCloseTo(-0.2, 2)
    expect(basin.center[2]).toBeCloseTo(0, 4)
    // The grid's cell is 3.1 mm.
    expect(Math.abs(basin.depth - 0.05)).toBeLessThan(0.008)
    expect(Math.abs(basin.radius - 0.107)).toBeLessThan(0.007)
  })

  test('a handle does not move it', () => {
    const handle = lathe([
      [0, 0.05],
      [0.02, 0.05],
    ])
    const bar = { ...handle, positions: handle.positions.map((p, i) => (i % 3 === 0 ? 0.2 + 5 * p : p)) }
    const basin = basinOf(join(lathe(PAN), bar))!
    expect(Math.hypot(basin.center[0], basin.center[1])).toBeLessThan(0.012)
  })

  test('solids, rings and shallow dishes hold nothing', () => {
    expect(basinOf(shapeGeometry('cube').mesh)).toBeNull()
    expect(basinOf(shapeGeometry('sphere').mesh)).toBeNull()
    // Water runs through a hole in the middle.
    expect(basinOf(lathe(PAN.slice(1)))).toBeNull()
    expect(
      basinOf(
        lathe([
          [0, 0],
          [0.1, 0.004],
        ]),
      ),
    ).toBeNull()
  })
})
