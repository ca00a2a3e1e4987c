/** A camera at one moment. */
import type { CameraPose } from '../../schema/sample.ts'
import { apply, applyTransposed, type M3, matrix, type V3 } from '../maths.ts'
import type { Lens } from './lens.ts'

export interface View extends CameraPose {
  /** World from camera. */
  readonly r: M3
  readonly lens: Lens
  /** How far the pose may be off, where it was read between frames: metres, and radians. */
  readonly blur: number
  readonly twist: number
}

export const viewOf = (pose: CameraPose, lens: Lens, blur = 0, twist = 0): View => ({
  ...pose,
  r: matrix(pose.rotation),
  lens,
  blur,
  twist,
})

export interface Seen {
  /** Raster position; NaN where there is no image. */
  readonly u: number
  readonly v: number
  /** Metres along the optical axis, and from the camera (its plane, where rays are parallel). */
  readonly depth: number
  readonly distance: number
  /** Pixels that the image moves at most when the point moves by a metre, or the camera turns by a radian. */
  readonly perMetre: number
  readonly perRadian: number
}

/** The image of a world point; of a direction where `far`. */
export function see(c: View, p: V3, far = false): Seen {
  const o = far ? ([0, 0, 0] as const) : c.position
  const q = applyTransposed(c.r, p[0] - o[0], p[1] - o[1], p[2] - o[2])
  const [a, b] = c.lens.image(...q)
  const reach = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2])
  const perRadian = Math.max(c.fx, c.fy) * c.lens.stretch(...q)
  return {
    u: c.cx + c.fx * a,
    v: c.cy + c.fy * b,
    depth: -q[2],
    distance: c.lens.parallel ? -q[2] : reach,
    perMetre: perRadian / reach,
    perRadian,
  }
}

/** Metres across a pixel at a distance. */
export const pixelSize = (c: View, distance: number): number => (c.lens.parallel ? 1 : Math.abs(distance)) / c.fx

/** World direction of unit length through raster (u, v). */
export const directionAt = (c: View, u: number, v: number): V3 => apply(c.r, ...c.lens.direction((u - c.cx) / c.fx, (v - c.cy) / c.fy))
