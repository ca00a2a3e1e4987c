import type { Vec3 } from '../maths/vec3.ts'
import { circle, disc, gridSurface, join, type Shape } from './surface.ts'

const AROUND = 96
const RINGS = 8

/** Base diameter 1, height 1, apex up. The side fills the lower half of the picture, the base an upper quarter. */
export function cone(): Shape {
  const around = circle(AROUND)
  const side = gridSurface(
    AROUND,
    RINGS,
    (i, j) => {
      const r = (1 - j / RINGS) / 2
      return [r * around[i]![0], r * around[i]![1], j / RINGS]
    },
    (i, j) => [j === RINGS ? Math.min(AROUND, i + 0.5) / AROUND : i / AROUND, j / RINGS / 2],
  )
  const base = around.slice(0, AROUND).flatMap(([c, s], i): Vec3[] => (i % 2 === 0 ? [[c / 2, s / 2, 0]] : []))
  return { surface: join(side, disc(AROUND, 0.5, 0, -1, [0.25, 0.75], 0.25)), hulls: [[...base, [0, 0, 1]]] }
}
