import type { Vec3 } from '../maths/vec3.ts'
import { bezier, blend, carve, cut, fieldShape, lathe, profile, roundCone, tube, union, within } from './fields.ts'
import type { Shape } from './surface.ts'

/** Right half of the section of pot, lid and knob, counter-clockwise in (r, z) from the axis at the foot. */
const SECTION: readonly (readonly [number, number])[] = [
  [0, 0],
  [1.3, 0],
  ...profile(
    [
      [1.3, 0],
      [1.42, 0],
      [1.46, 0.06],
      [1.46, 0.14],
    ],
    3,
  ),
  ...profile(
    [
      [1.46, 0.14],
      [1.75, 0.35],
      [2, 0.6],
      [2, 0.95],
    ],
    8,
  ),
  ...profile(
    [
      [2, 0.95],
      [2, 1.45],
      [1.72, 1.95],
      [1.52, 2.36],
    ],
    10,
  ),
  // Rim, the groove in which the lid sits, the lid, the knob.
  ...profile(
    [
      [1.52, 2.36],
      [1.5, 2.5],
      [1.34, 2.52],
      [1.32, 2.38],
    ],
    5,
  ),
  [1.28, 2.32],
  [1.2, 2.32],
  ...profile(
    [
      [1.2, 2.32],
      [1.16, 2.36],
      [1.16, 2.52],
      [1.04, 2.56],
    ],
    5,
  ),
  ...profile(
    [
      [1.04, 2.56],
      [0.6, 2.7],
      [0.2, 2.7],
      [0.17, 2.8],
    ],
    8,
  ),
  ...profile(
    [
      [0.17, 2.8],
      [0.2, 2.88],
      [0.36, 2.92],
      [0.36, 3.06],
    ],
    4,
  ),
  ...profile(
    [
      [0.36, 3.06],
      [0.36, 3.18],
      [0.2, 3.24],
      [0, 3.24],
    ],
    5,
  ),
]

const SPOUT: readonly [Vec3, Vec3, Vec3, Vec3] = [
  [1.45, 0, 0.85],
  [2.75, 0, 0.85],
  [2.35, 0, 2.05],
  [3.1, 0, 2.48],
]
const HANDLE: readonly [Vec3, Vec3, Vec3, Vec3] = [
  [-1.5, 0, 2.05],
  [-3.5, 0, 2.45],
  [-3.3, 0, 0.75],
  [-1.85, 0, 0.7],
]

/** A teapot after the classic's proportions: turned body, lid and knob, a curved hollow-tipped spout towards +X, a handle towards −X. */
export function teapot(): Shape {
  const turned = lathe(SECTION)
  const spout = within([2.2, 0, 1.5], 1.6, 0.5, cut(union(...tube(SPOUT, 0.62, 0.33, 14)), [0.35, 0, 0.9367], 0.35 * 3.1 + 0.9367 * 2.48))
  const bore = roundCone(bezier(SPOUT, 0.8), 0.1, bezier(SPOUT, 1), 0.19)
  const handle = within([-2.25, 0, 1.5], 1.2, 0.5, union(...tube(HANDLE, 0.19, 0.17, 16)))
  const field = carve(0.06, blend(0.22, blend(0.28, turned, spout), handle), bore)
  const slab = (low: number, high: number) => (x: number, y: number, z: number) => Math.max(turned(x, y, z), low - z, z - high)
  return fieldShape(field, [-3.35, -2.2, -0.2], [3.6, 2.2, 3.4], 84, [
    slab(0, 0.5),
    slab(0.5, 0.95),
    slab(0.95, 1.6),
    slab(1.6, 2.48),
    slab(2.48, 2.78),
    slab(2.78, 3.24),
    ...tube(SPOUT, 0.62, 0.33, 6),
    ...tube(HANDLE, 0.19, 0.17, 8),
  ])
}
