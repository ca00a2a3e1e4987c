import { fromAxisAngle } from '../maths/quat.ts'
import type { Vec3 } from '../maths/vec3.ts'
import { ball, blend, carve, type DistanceField, ellipsoid, fieldShape, mirrored, roundCone, side, tube, union } from './fields.ts'
import type { Shape } from './surface.ts'

const MOUTH: readonly [Vec3, Vec3, Vec3, Vec3] = [
  [-0.42, -0.98, -0.42],
  [-0.22, -1.32, -0.68],
  [0.22, -1.32, -0.68],
  [0.42, -0.98, -0.42],
]

/** A monkey's head that looks along −Y: round skull, brow, eyes, muzzle, large dished ears. */
export function monkey(): Shape {
  const skull = ellipsoid([0, 0.08, 0.25], [0.88, 0.92, 0.86])
  const brow = union(
    ...tube(
      [
        [-0.62, -0.55, 0.36],
        [-0.4, -0.92, 0.6],
        [0.4, -0.92, 0.6],
        [0.62, -0.55, 0.36],
      ],
      0.13,
      0.13,
      10,
    ),
  )
  const cheek = ellipsoid([0.3, -0.56, 0.12], [0.36, 0.3, 0.36])
  const muzzle = ellipsoid([0, -0.72, -0.36], [0.52, 0.46, 0.36])
  const jaw = ellipsoid([0, -0.45, -0.56], [0.46, 0.48, 0.3])
  const nose = ellipsoid([0, -1.1, -0.16], [0.16, 0.1, 0.09])
  const turn = fromAxisAngle([0, 0, 1], 0.35)
  const ear = ellipsoid([1.14, 0.02, 0.2], [0.4, 0.15, 0.46], turn)
  const dish = ellipsoid([1.13, -0.14, 0.2], [0.28, 0.14, 0.33], turn)
  const stalk = roundCone([0.7, 0.08, 0.2], 0.2, [1.0, 0.06, 0.2], 0.14)

  let field = blend(0.16, skull, mirrored(cheek))
  field = blend(0.1, field, brow)
  field = blend(0.14, field, muzzle, jaw)
  field = blend(0.06, field, nose)
  field = blend(0.08, field, mirrored(carve(0.06, blend(0.08, ear, stalk), dish)))
  field = carve(0.05, field, mirrored(ball([0.3, -0.9, 0.2], 0.22)))
  field = blend(0.012, field, mirrored(carve(0.02, ball([0.3, -0.76, 0.2], 0.2), ball([0.27, -0.99, 0.2], 0.07))))
  field = carve(0.04, field, union(...tube(MOUTH, 0.045, 0.045, 12)))
  field = carve(0.03, field, mirrored(ball([0.07, -1.2, -0.19], 0.045)))
  const pair = (f: DistanceField) => [side(f, 1), side(f, -1)]
  const upper: DistanceField = (x, y, z) => Math.max(skull(x, y, z), 0.25 - z)
  const lower: DistanceField = (x, y, z) => Math.max(skull(x, y, z), z - 0.25)
  return fieldShape(field, [-1.7, -1.4, -1.05], [1.7, 1.2, 1.3], 72, [
    upper,
    lower,
    brow,
    muzzle,
    jaw,
    nose,
    ...pair(cheek),
    ...pair(ear),
    ...pair(stalk),
  ])
}
