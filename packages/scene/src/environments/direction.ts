/**
 * Lat-long pictures of the whole sphere. World +Z is up and row 0 is the zenith: v = acos(z)/π, 0 at +Z and 1 at −Z.
 * u = ½ − atan2(y, x)/2π: the middle column looks along +X, u = ¼ along +Y, u = ¾ along −Y and the seam u = 0 = 1 along −X.
 * Pixel centres are at (i + ½)/width, (j + ½)/height; the picture wraps in u. So standing at the middle and facing +X, the picture is what
 * one sees, not mirrored.
 */
import { acos, atan2, cos, sin } from '../maths/portable.ts'
import type { Vec3 } from '../maths/vec3.ts'

/** Where a unit direction is in the picture: u in [0, 1), v in [0, 1]. */
export function directionToUv(d: Vec3): readonly [number, number] {
  const u = 0.5 - atan2(d[1], d[0]) / (2 * Math.PI)
  return [u >= 1 ? u - 1 : u, acos(Math.max(-1, Math.min(1, d[2]))) / Math.PI]
}

/** The unit direction at (u, v). */
export function uvToDirection(u: number, v: number): Vec3 {
  const phi = (0.5 - u) * (2 * Math.PI)
  const theta = v * Math.PI
  const s = sin(theta)
  return [s * cos(phi), s * sin(phi), cos(theta)]
}
