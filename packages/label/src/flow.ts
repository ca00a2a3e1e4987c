/**
 * Optical flow of geometry, exact: the surface point, not the pixel, is followed. Its object-frame position (surface.ts) goes through the pose
 * and the camera of the other frame; nothing is differentiated, so large motions and rotations are as exact as small ones. Under a rolling shutter that is
 * the pose and the camera at the time of the row where the point arrives (rolling.ts).
 */
import type { CameraState } from '@dioramic/scene'
import { aimOf } from './aim.ts'
import { arriveAll } from './arrival.ts'
import type { FrameContext } from './label.ts'
import { memo } from './memo.ts'
import { frameCamera } from './pixels.ts'
import { rollingField } from './rolling.ts'

export const OCCLUDED = 1
export const OUT_OF_FRAME = 2
export const INVALID = 4

/** Frames from this one: 1 and −1 are the neighbours, any other frame of the clip will do. */
export type Step = number

/** Where every pixel's content is in frame + step. */
export interface Field {
  /** Raster position of the pixel's surface point (or sky direction): u, v a pixel. NaN where invalid. */
  readonly raster: Float64Array
  /** Its ray's parameter there (see `PixelRays.directions`), metres; +∞ for the sky, 0 where invalid. */
  readonly reach: Float64Array
}

const fieldAt = (context: FrameContext, step: Step): Field =>
  memo(context, `flow ${step}`, () => {
    const { readout } = context.resolved.scene.cameras[context.camera]
    const field = readout === 0 ? instantField(context, step) : rollingField(context, step)
    wrap(frameCamera(context), field.raster)
    return field
  })

/** On a full turn, the way round that is shorter from the pixel: the left and right edges are one meridian. */
function wrap({ width, lens }: CameraState, raster: Float64Array): void {
  if (lens?.model !== 'equirectangular') return
  for (let p = 0; 2 * p < raster.length; p++) raster[2 * p] -= width * Math.round((raster[2 * p] - ((p % width) + 0.5)) / width)
}

function instantField(context: FrameContext, step: Step): Field {
  const n = context.primary.instance.length
  const arrive = arriveAll(context, context.rowTime(step, 0))
  const raster = new Float64Array(2 * n)
  const reach = new Float64Array(n)
  const out = new Float64Array(2)
  for (let p = 0; p < n; p++) {
    reach[p] = arrive(p, out)
    raster[2 * p] = out[0]
    raster[2 * p + 1] = out[1]
  }
  return { raster, reach }
}

/** Below this many pixels a flow is the rounding of f64 projection (about 1e-12) and is written as 0, so that what rests has zeros. */
const ROUNDING = 1e-9

/** (right, down) in pixels, f32, two a pixel; 0 where invalid. */
export function flow(context: FrameContext, step: Step): Float32Array {
  const { raster } = fieldAt(context, step)
  const { width } = frameCamera(context)
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
 * Under a rolling shutter the question is asked at the time of the row that the point arrives in (of the nearest row, outside the frame).
 */
export function flowMask(context: FrameContext, step: Step): Uint8Array {
  const { raster, reach } = fieldAt(context, step)
  const { width, height, lens } = frameCamera(context)
  const around = lens?.model === 'equirectangular'
  const flags = new Uint8Array(reach.length)
  for (let p = 0; p < flags.length; p++) {
    const u = raster[2 * p]
    const v = raster[2 * p + 1]
    if (reach[p] === 0) flags[p] = INVALID
    else if (!((around || (u >= 0 && u < width)) && v >= 0 && v < height)) flags[p] = OUT_OF_FRAME
  }
  for (const { time, pixels } of arrivals(context, step, raster, flags)) hide(context, time, pixels, flags)
  return flags
}

/** Valid pixels by the time at which the row where they arrive is exposed. */
function arrivals(context: FrameContext, step: Step, raster: Float64Array, flags: Uint8Array): { time: number; pixels: number[] }[] {
  const { resolution, readout } = context.resolved.scene.cameras[context.camera]
  const last = readout === 0 ? 0 : resolution[1] - 1
  const rows: number[][] = Array.from({ length: last + 1 }, () => [])
  for (let p = 0; p < flags.length; p++) {
    if ((flags[p] & INVALID) === 0) rows[Math.min(Math.max(Math.floor(raster[2 * p + 1]), 0), last)].push(p)
  }
  return rows.map((pixels, r) => ({ time: context.rowTime(step, r + 0.5), pixels })).filter(({ pixels }) => pixels.length > 0)
}

/** Flags those of `pixels` whose content something hides from the camera at `time`. */
function hide(context: FrameContext, time: number, pixels: readonly number[], flags: Uint8Array): void {
  const { instance, primitive } = context.primary
  const camera = context.cameraAt(time)
  const aim = aimOf(camera)
  const arrive = arriveAll(context, time)
  const n = pixels.length
  const origins = new Float64Array(3 * n)
  const directions = new Float64Array(3 * n)
  const tMax = new Float64Array(n)
  const reach = new Float64Array(n)
  const pixel = new Uint32Array(n)
  const raster = new Float64Array(2)
  let count = 0
  for (const p of pixels) {
    const t = arrive(p, raster)
    if (t === 0 || Number.isNaN(aim(raster[0], raster[1], count, origins, directions))) continue
    reach[count] = t
    tMax[count] = t * (1 + EPSILON)
    pixel[count++] = p
  }
  if (count === 0) return
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
    if (hits.t[i] < reach[i] * (1 - EPSILON)) flags[p] |= OCCLUDED
  }
}
