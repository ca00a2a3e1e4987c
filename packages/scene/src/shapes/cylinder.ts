import type { Vec3 } from '../maths/vec3.ts'
import { circle, disc, gridSurface, join, type Shape } from './surface.ts'

const AROUND = 96

/** Diameter 1, height 1, axis Z. The side fills the lower half of the picture, the caps the two upper quarters. */
export function cylinder(): Shape {
  const around = circle(AROUND)
  const side = gridSurface(
    AROUND,
    1,
    (i, j) => [around[i]![0] / 2, around[i]![1] / 2, j - 0.5],
    (i, j) => [i / AROUND, j / 2],
  )
  const hull = around.slice(0, AROUND).flatMap(([c, s], i): Vec3[] =>
    i % 3 === 0
      ? [
          [c / 2, s / 2, -0.5],
          [c / 2, s / 2, 0.5],
        ]
      : [],
  )
  return {
    surface: join(side, disc(AROUND, 0.5, 0.5, 1, [0.25, 0.75], 0.25), disc(AROUND, 0.5, -0.5, -1, [0.75, 0.75], 0.25)),
    hulls: [hull],
  }
}
