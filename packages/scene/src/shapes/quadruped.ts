import { fromAxisAngle } from '../maths/quat.ts'
import type { Vec3 } from '../maths/vec3.ts'
import { ball, blend, carve, cut, type DistanceField, ellipsoid, fieldShape, mirrored, roundCone, side, tube, union } from './fields.ts'
import type { Shape } from './surface.ts'

const leg = (points: readonly (readonly [Vec3, number])[]): DistanceField[] =>
  points.slice(1).map((p, i) => roundCone(points[i]![0], points[i]![1], p[0], p[1]))

/** A calf on four feet that looks along −Y. Its left is +X. */
export function quadruped(): Shape {
  const chest = roundCone([0, -0.52, 1.14], 0.42, [0, 0.05, 1.1], 0.41)
  const rump = roundCone([0, 0.05, 1.1], 0.41, [0, 0.58, 1.17], 0.39)
  const neck = roundCone([0, -0.7, 1.3], 0.3, [0, -1.06, 1.72], 0.22)
  const skull = ellipsoid([0, -1.14, 1.82], [0.27, 0.3, 0.27])
  const muzzle = roundCone([0, -1.28, 1.74], 0.2, [0, -1.52, 1.62], 0.175)
  const front = leg([
    [[0.23, -0.6, 1], 0.2],
    [[0.25, -0.6, 0.56], 0.12],
    [[0.25, -0.6, 0.16], 0.1],
    [[0.25, -0.63, 0.05], 0.125],
  ])
  const hind = leg([
    [[0.22, 0.62, 1.02], 0.27],
    [[0.25, 0.72, 0.6], 0.14],
    [[0.25, 0.66, 0.16], 0.1],
    [[0.25, 0.63, 0.05], 0.125],
  ])
  const ear = ellipsoid([0.37, -1.03, 1.93], [0.19, 0.07, 0.1], fromAxisAngle([0, 1, 0], 0.25))
  const horn = union(
    ...tube(
      [
        [0.13, -1.08, 2.02],
        [0.26, -1.08, 2.08],
        [0.28, -1.08, 2.18],
        [0.24, -1.1, 2.26],
      ],
      0.07,
      0.045,
      5,
    ),
  )
  const tail = tube(
    [
      [0, 0.9, 1.3],
      [0, 1.15, 1.3],
      [0, 1.12, 0.95],
      [0, 1.14, 0.72],
    ],
    0.065,
    0.055,
    8,
  )
  const tuft = ellipsoid([0, 1.15, 0.62], [0.09, 0.09, 0.16])

  let field = blend(0.18, chest, rump, neck)
  field = blend(0.12, field, skull, muzzle)
  field = blend(0.12, field, mirrored(blend(0.05, ...front)), mirrored(blend(0.05, ...hind)))
  field = blend(0.05, field, mirrored(ear), mirrored(horn), union(...tail), tuft)
  field = carve(0.03, field, mirrored(ellipsoid([0.38, -1.1, 1.92], [0.13, 0.045, 0.06], fromAxisAngle([0, 1, 0], 0.25))))
  field = carve(0.03, field, mirrored(ball([0.075, -1.69, 1.65], 0.035)))
  field = blend(0.012, field, mirrored(ball([0.19, -1.32, 1.88], 0.065)))
  const pair = (f: DistanceField) => [side(f, 1), side(f, -1)]
  return fieldShape(cut(field, [0, 0, -1], 0), [-0.75, -1.85, -0.1], [0.75, 1.4, 2.45], 80, [
    chest,
    rump,
    neck,
    skull,
    muzzle,
    ...[...front.slice(0, 2), ...hind.slice(0, 2), ear, horn].flatMap(pair),
    ...pair(union(...front.slice(2))),
    ...pair(union(...hind.slice(2))),
    union(...tail.slice(0, 4)),
    union(...tail.slice(4), tuft),
  ])
}
