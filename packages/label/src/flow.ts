/**
 * Optical flow of geometry, exact: the surface point, not the pixel, is followed. Its object-frame position (surface.ts) goes through the pose
 * and the camera of the other frame; nothing is differentiated, so large motions and rotations are as exact as small ones.
 */
import { quat } from '@dioramic/scene'
import type { FrameContext } from './label.ts'
import { matricesAt } from './matrices.ts'
import { memo } from './memo.ts'
import { NEAR } from './near.ts'
import { frameDirections } from './pixels.ts'
import { surfacePoints } from './surface.ts'

export const OCCLUDED = 1
export const OUT_OF_FRAME = 2
export const INVALID = 4

/** Frames from this one: 1 and −1 are the neighbours, any other frame of the clip will do. */
export type Step = number

interface Field {
  /** Raster position of the pixel's surface point (or sky direction) `step` frames away: u, v a pixel. NaN where invalid. */
  readonly raster: Float64Array
  /** Its depth there, metres; +∞ for the sky, 0 where invalid. */
  readonly depth: Float64Array
}

/** Where every pixel's content is in frame + step. */
const fieldAt = (context: FrameContext, step: Step): Field =>
  memo(context, `flow ${step}`, () => {
    const { instance } = context.primary
    const points = surfacePoints(context)
    const directions = frameDirections(context)
    const { camera, view } = matricesAt(context, step)
    const { fx, fy, cx, cy } = camera
    const r = Float64Array.from(quat.toMatrix3(camera.rotation))
    const raster = new Float64Array(2 * instance.length)
    const depth = new Float64Array(instance.length)
    for (let p = 0; p < instance.length; p++) {
      const k = instance[p]
      const sky = k < 0
      const source = sky ? directions : points
      const x = source[3 * p]
      const y = source[3 * p + 1]
      const z = source[3 * p + 2]
      let qx: number
      let qy: number
      let d: number
      if (sky) {
        qx = r[0] * x + r[3] * y + r[6] * z
        qy = r[1] * x + r[4] * y + r[7] * z
        d = -(r[2] * x + r[5] * y + r[8] * z)
      } else {
        const m = 12 * k
        qx = view[m] * x + view[m + 1] * y + view[m + 2] * z + view[m + 3]
        qy = view[m + 4] * x + view[m + 5] * y + view[m + 6] * z + view[m + 7]
        d = -(view[m + 8] * x + view[m + 9] * y + view[m + 10] * z + view[m + 11])
      }
      // A sky direction has axial length about 1 now, so the same bound keeps its projection finite.
      if (d > NEAR) {
        raster[2 * p] = cx + (fx * qx) / d
        raster[2 * p + 1] = cy - (fy * qy) / d
        depth[p] = sky ? Infinity : d
      } else {
        raster[2 * p] = NaN
        raster[2 * p + 1] = NaN
      }
    }
    return { raster, depth }
  })

/** Below this many pixels a flow is the rounding of f64 projection (about 1e-12) and is written as 0, so that what rests has zeros. */
const ROUNDING = 1e-9

/** (right, down) in pixels, f32, two a pixel; 0 where invalid. */
export function flow(context: FrameContext, step: Step): Float32Array {
  const { raster } = fieldAt(context, step)
  const { width } = context.cameraAt(context.time)
  const out = new Float32Array(raster.length)
  for (let p = 0, column = 0, row = 0; 2 * p < out.length; p++) {
    const du = raster[2 * p] - (column + 0.5)
    const dv = raster[2 * p + 1] - (row + 0.5)
    // Comparisons with NaN are false, so invalid pixels stay 0.
    if (du > ROUNDING || du < -ROUNDING) out[2 * p] = du
    if (dv > ROUNDING || dv < -ROUNDING) out[2 * p + 1] = dv
    if (++column === width) {
      column = 0
      row++
    }
  }
  return out
}

/**
 * What lies this fraction nearer than the point hides it. Ray casts choose their triangle in f32 (relative error about 1e-6 over a traversal) and
 * refine it in f64; ten times that is 10 µm at 1 m, far below the millimetre that resting contacts may leave.
 */
export const EPSILON = 1e-5

/**
 * Flags of the flow: `OCCLUDED`, `OUT_OF_FRAME`, `INVALID`. A ray goes from the other frame's camera to the moved point. A line meets a triangle
 * once, so a hit of the point's own triangle is the point itself, at whatever distance rounding puts it; any other surface hides it when
 * it is nearer by more than `EPSILON`. The sky is hidden by any surface. Points outside the frame are tested too: the flags are independent.
 */
export function flowMask(context: FrameContext, step: Step): Uint8Array {
  const { raster, depth } = fieldAt(context, step)
  const { instance, primitive } = context.primary
  const { camera, time } = matricesAt(context, step)
  const { width, height, fx, fy, cx, cy, position } = camera
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = Float64Array.from(quat.toMatrix3(camera.rotation)) as unknown as number[] & { length: 9 }
  const n = instance.length
  const flags = new Uint8Array(n)
  const origins = new Float64Array(3 * n)
  const directions = new Float64Array(3 * n)
  const tMax = new Float64Array(n)
  const pixel = new Uint32Array(n)
  let count = 0
  for (let p = 0; p < n; p++) {
    const u = raster[2 * p]
    const v = raster[2 * p + 1]
    if (depth[p] === 0) {
      flags[p] = INVALID
      continue
    }
    if (!(u >= 0 && u < width && v >= 0 && v < height)) flags[p] = OUT_OF_FRAME
    const x = (u - cx) / fx
    const y = -(v - cy) / fy
    const o = 3 * count
    origins[o] = position[0]
    origins[o + 1] = position[1]
    origins[o + 2] = position[2]
    directions[o] = m0! * x + m1! * y - m2!
    directions[o + 1] = m3! * x + m4! * y - m5!
    directions[o + 2] = m6! * x + m7! * y - m8!
    tMax[count] = depth[p] * (1 + EPSILON)
    pixel[count++] = p
  }
  if (count === 0) return flags
  const hits = context.rays(time).closest({
    count,
    origins: origins.subarray(0, 3 * count),
    directions: directions.subarray(0, 3 * count),
    tMin: 0,
    tMax: tMax.subarray(0, count),
  })
  for (let i = 0; i < count; i++) {
    const p = pixel[i]
    const hit = hits.instance[i]
    if (hit < 0 || (hit === instance[p] && hits.primitive[i] === primitive[p])) continue
    if (hits.t[i] < depth[p] * (1 - EPSILON)) flags[p] |= OCCLUDED
  }
  return flags
}
