/** Rotations and places as BOP writes them: 3 × 3 by rows, millimetres, the camera along +Z with +Y down (OpenCV). */
import { poseMatrix } from '../pose-matrix.ts'

export type Vec = readonly [number, number, number]
export type Quaternion = readonly [number, number, number, number]
/** 3 × 3 by rows. */
export type Matrix = readonly [number, number, number, number, number, number, number, number, number]

/** Of a unit quaternion x, y, z, w. */
export const matrixOf = (q: Quaternion): Matrix =>
  poseMatrix([0, 0, 0], q)
    .slice(0, 3)
    .flatMap(row => row.slice(0, 3)) as unknown as Matrix

export const apply = (m: Matrix, [x, y, z]: Vec): Vec => [
  m[0] * x + m[1] * y + m[2] * z,
  m[3] * x + m[4] * y + m[5] * z,
  m[6] * x + m[7] * y + m[8] * z,
]

export const product = (a: Matrix, b: Matrix): Matrix => {
  const column = (k: 0 | 1 | 2) => apply(a, [b[k], b[k + 3]!, b[k + 6]!])
  const [p, q, r] = [column(0), column(1), column(2)]
  return [p[0], q[0], r[0], p[1], q[1], r[1], p[2], q[2], r[2]]
}

/** Camera from world in OpenCV's axes, of a camera that looks along −Z with +Y up (world from camera, unit quaternion). */
export function cameraFromWorld(rotation: Quaternion): Matrix {
  const r = matrixOf(rotation)
  return [r[0], r[3], r[6], -r[1], -r[4], -r[7], -r[2], -r[5], -r[8]]
}
