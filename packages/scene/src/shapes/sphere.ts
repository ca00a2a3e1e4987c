import { cos, sin } from '../maths/portable.ts'
import type { Vec3 } from '../maths/vec3.ts'
import { circle, gridSurface, type Shape } from './surface.ts'

const AROUND = 128
const UP = 64
const OUT = 0.5075

/** `n` points spread evenly over a sphere (Fibonacci lattice), as far outside radius ½ as their faces are, on average, inside. */
function latticePoints(n: number): Vec3[] {
  const golden = Math.PI * (3 - Math.sqrt(5))
  return Array.from({ length: n }, (_, i) => {
    const z = 1 - (2 * i + 1) / n
    const r = Math.sqrt(1 - z * z)
    return [OUT * r * cos(golden * i), OUT * r * sin(golden * i), OUT * z] as const
  })
}

/** Diameter 1, latitude–longitude grid, u eastwards from −X, v from the south pole to the north. */
export function sphere(): Shape {
  const around = circle(AROUND)
  const surface = gridSurface(
    AROUND,
    UP,
    (i, j) => {
      if (j === 0) return [0, 0, -0.5]
      if (j === UP) return [0, 0, 0.5]
      const latitude = Math.PI * (j / UP - 0.5)
      const r = cos(latitude) / 2
      return [-r * around[i]![0], -r * around[i]![1], sin(latitude) / 2]
    },
    // A pole's single triangle per column points at the middle of its column.
    (i, j) => [j === 0 ? Math.max(0, i - 0.5) / AROUND : j === UP ? Math.min(AROUND, i + 0.5) / AROUND : i / AROUND, j / UP],
  )
  surface.normals = surface.positions.map(x => 2 * x)
  return { surface, hulls: [latticePoints(64)] }
}
