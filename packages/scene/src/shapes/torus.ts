import type { Vec3 } from '../maths/vec3.ts'
import { circle, gridSurface, type Shape } from './surface.ts'

/** Radii of the centre circle and of the tube; the outer diameter is 1. */
export const TORUS_RADII = { major: 0.35, minor: 0.15 }
const AROUND = 128
const TUBE = 64

/** Ring about Z. u runs around the axis, v around the tube from its inner side upwards on the outside. */
export function torus(): Shape {
  const { major, minor } = TORUS_RADII
  const around = circle(AROUND)
  const tube = circle(TUBE)
  const point = (i: number, j: number): Vec3 => {
    const r = major + minor * tube[j % TUBE]![0]
    return [r * around[i % AROUND]![0], r * around[i % AROUND]![1], minor * tube[j % TUBE]![1]]
  }
  const surface = gridSurface(AROUND, TUBE, point)
  surface.normals = []
  for (let j = 0; j <= TUBE; j++) {
    for (let i = 0; i <= AROUND; i++) surface.normals.push(tube[j]![0] * around[i]![0], tube[j]![0] * around[i]![1], tube[j]![1])
  }
  // Sixteen sectors; each takes the tube's section at its ends and in the middle, so the outer arc is a 32-gon.
  const hulls = Array.from({ length: 16 }, (_, k) =>
    [0, 4, 8].flatMap(step => Array.from({ length: 16 }, (_, j) => point(8 * k + step, 4 * j))),
  )
  return { surface, hulls }
}
