/**
 * Rolling shutter: a thing is seen in row v at the time of row v, and where it is seen depends on the time. v(t) = v by fixed-point iteration, which
 * contracts wherever images move by less than the picture's height in a readout; secant steps make it fast.
 */
import { quat } from '@dioramic/scene'
import { arriveAt } from './arrival.ts'
import type { Field, Step } from './flow.ts'
import type { FrameContext } from './label.ts'
import { viewInto } from './matrices.ts'

/** Pixels. */
const TOLERANCE = 1e-10
const MOST = 60

/**
 * The time at which what `see` follows is exposed in the picture that belongs to `step` frames on; `see(t)` gives the raster height where it would be
 * seen at `t`, NaN where nowhere. NaN where there is no such time.
 */
export function exposure(context: FrameContext, step: number, see: (t: number) => number): number {
  const middle = context.rowTime(step, frameMiddle(context))
  let t = middle
  let last = NaN
  let lastError = NaN
  for (let i = 0; i < MOST; i++) {
    const v = see(t)
    if (Number.isNaN(v)) return NaN
    const next = context.rowTime(step, v)
    const error = next - t
    const slope = (error - lastError) / (t - last)
    // The error falls with slope −1 + small; a slope that is no such number would be a step across a fold.
    const to = slope < -0.1 && slope > -10 ? t - error / slope : next
    const { readout, resolution } = context.resolved.scene.cameras[context.camera]
    if (Math.abs(error) * resolution[1] <= TOLERANCE * readout) return t
    last = t
    lastError = error
    t = to
  }
  return NaN
}

const frameMiddle = (context: FrameContext): number => context.resolved.scene.cameras[context.camera].resolution[1] / 2

/** Where every pixel's content is `step` frames on, each at its own row's time. */
export function rollingField(context: FrameContext, step: Step): Field {
  const { instance } = context.primary
  const n = instance.length
  const raster = new Float64Array(2 * n).fill(NaN)
  const reach = new Float64Array(n)
  const view = new Float64Array(12)
  const out = new Float64Array(2)
  for (let p = 0; p < n; p++) {
    let far = 0
    const t = exposure(context, step, time => {
      const camera = context.cameraAt(time)
      const k = instance[p]
      if (k >= 0) viewInto(context, k, time, camera, quat.toMatrix3(camera.rotation), view, 0)
      far = arriveAt(context, camera, time)(p, view, 0, out)
      return out[1]
    })
    if (Number.isNaN(t)) continue
    raster[2 * p] = out[0]
    raster[2 * p + 1] = out[1]
    reach[p] = far
  }
  return { raster, reach }
}
