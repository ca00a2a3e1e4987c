import type { Vec3 } from '../maths/vec3.ts'
import type { Surface } from './surface.ts'

/** The eight corners of a box. */
export const boxCorners = (min: Vec3, max: Vec3): Vec3[] =>
  Array.from({ length: 8 }, (_, i) => [i & 1 ? max[0] : min[0], i & 2 ? max[1] : min[1], i & 4 ? max[2] : min[2]] as const)

/** Corners of each face of the unit cell, counter-clockwise seen from outside. */
const FACES: readonly { readonly step: Vec3; readonly corners: readonly Vec3[] }[] = [
  {
    step: [1, 0, 0],
    corners: [
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
      [1, 0, 1],
    ],
  },
  {
    step: [-1, 0, 0],
    corners: [
      [0, 1, 0],
      [0, 0, 0],
      [0, 0, 1],
      [0, 1, 1],
    ],
  },
  {
    step: [0, 1, 0],
    corners: [
      [1, 1, 0],
      [0, 1, 0],
      [0, 1, 1],
      [1, 1, 1],
    ],
  },
  {
    step: [0, -1, 0],
    corners: [
      [0, 0, 0],
      [1, 0, 0],
      [1, 0, 1],
      [0, 0, 1],
    ],
  },
  {
    step: [0, 0, 1],
    corners: [
      [0, 0, 1],
      [1, 0, 1],
      [1, 1, 1],
      [0, 1, 1],
    ],
  },
  {
    step: [0, 0, -1],
    corners: [
      [0, 1, 0],
      [1, 1, 0],
      [1, 0, 0],
      [0, 0, 0],
    ],
  },
]

/** Outer surface of the union of unit cells of an n³ grid: only faces between a full and an empty cell, sharing grid corners. */
export function cellSurface(n: number, full: (x: number, y: number, z: number) => boolean): Pick<Surface, 'positions' | 'indices'> {
  const inside = (x: number, y: number, z: number) => x >= 0 && y >= 0 && z >= 0 && x < n && y < n && z < n && full(x, y, z)
  const positions: number[] = []
  const indices: number[] = []
  const made = new Map<number, number>()
  const corner = (x: number, y: number, z: number) => {
    const id = (z * (n + 1) + y) * (n + 1) + x
    let i = made.get(id)
    if (i === undefined) {
      i = positions.length / 3
      made.set(id, i)
      positions.push(x / n - 0.5, y / n - 0.5, z / n - 0.5)
    }
    return i
  }
  for (let z = 0; z < n; z++) {
    for (let y = 0; y < n; y++) {
      for (let x = 0; x < n; x++) {
        if (!inside(x, y, z)) continue
        for (const { step, corners } of FACES) {
          if (inside(x + step[0], y + step[1], z + step[2])) continue
          const [a, b, c, d] = corners.map(p => corner(x + p[0], y + p[1], z + p[2])) as [number, number, number, number]
          indices.push(a, b, c, a, c, d)
        }
      }
    }
  }
  return { positions, indices }
}
