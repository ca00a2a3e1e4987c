/** A frame's depth as the first Kinect would measure it. */
import { quat } from '@dioramic/scene'
import { type FrameContext, LabelError } from '../label.ts'
import { memo } from '../memo.ts'
import { geometricNormals } from '../normals.ts'
import { frameCamera, frameRays } from '../pixels.ts'
import { rowsOf } from '../rows.ts'
import { angleOf, BASELINE, GRAZING, lateralDeviation, measured, RANGE, SENSOR_WIDTH } from './sensor.ts'

/** Share of the way from the projector to a surface on which something hides it; the rest is the surface itself. */
const BEFORE = 0.999

/** Metres, row-major; 0 where there is no measurement. Computed once a frame. Throws `LabelError` for cameras that are no plain pinholes, and without a key. */
export const measuredDepth = (context: FrameContext): Float32Array =>
  memo(context, 'kinect', () => {
    const { width, height, lens, fx } = frameCamera(context)
    if (lens)
      throw new LabelError(
        `depth-raw is a sensor behind a plain pinhole; this camera has the lens ${lens.model}. Leave out depth-raw and depth-filled.`,
      )
    if (!context.key) throw new LabelError('depth-raw draws its noise from a key, and this frame was given none: frameContext({ …, key })')
    const key = context.key.fork('kinect').fork(context.camera).fork(context.frame)
    const bin = width / SENSOR_WIDTH
    const f = fx / bin
    const { depth, angle } = measurable(context)
    const out = new Float32Array(width * height)
    for (let y = 0, p = 0; y < height; y++)
      for (let x = 0; x < width; x++, p++) {
        if (Number.isNaN(angle[p])) continue
        const k = key.fork(p)
        // The place that is measured lies beside the pixel.
        const reach = lateralDeviation(Math.min(angle[p], GRAZING)) * bin
        const i = Math.min(width - 1, Math.max(0, Math.round(x + reach * k.fork(0).normal())))
        const j = Math.min(height - 1, Math.max(0, Math.round(y + reach * k.fork(1).normal())))
        const q = j * width + i
        if (depth[q] > 0) out[p] = measured(depth[q], angle[q], f, k.fork(2).normal())
      }
    return out
  })

interface Measurable {
  /** True depth, metres; 0 where the sensor sees nothing: a miss, out of range, at grazing angles, in the projector's shadow. */
  readonly depth: Float64Array
  /** Radians between ray and normal; NaN at a miss. */
  readonly angle: Float64Array
}

function measurable(context: FrameContext): Measurable {
  const { instance, t } = context.primary
  const { origins, directions } = frameRays(context)
  const normals = geometricNormals(context)
  const { width } = frameCamera(context)
  const depth = new Float64Array(t.length)
  const angle = new Float64Array(t.length).fill(NaN)
  for (const { time, from, to } of rowsOf(context)) {
    const state = context.cameraAt(time)
    const side = quat.rotate(state.rotation, [BASELINE, 0, 0])
    const lit: number[] = []
    for (let p = from * width; p < to * width; p++) {
      if (instance[p] < 0) continue
      const at = (v: ArrayLike<number>, a: number) => v[3 * p + a]
      const d = [0, 1, 2].map(a => at(directions, a))
      const length = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
      angle[p] = angleOf(-(d[0] * at(normals, 0) + d[1] * at(normals, 1) + d[2] * at(normals, 2)) / length)
      // A pinhole's directions have length 1 along the axis: t is the depth.
      if (t[p] < RANGE[0] || t[p] > RANGE[1] || angle[p] >= GRAZING) continue
      lit.push(p)
    }
    const projector = Float64Array.from({ length: 3 * lit.length }, (_, i) => state.position[i % 3] + side[i % 3])
    const ways = Float64Array.from({ length: 3 * lit.length }, (_, i) => {
      const k = 3 * lit[Math.floor(i / 3)] + (i % 3)
      return origins[k] + directions[k] * t[Math.floor(k / 3)] - projector[i]
    })
    const shadowed = context.rays(time).occluded({ count: lit.length, origins: projector, directions: ways, tMin: 0, tMax: BEFORE })
    lit.forEach((p, i) => {
      if (!shadowed[i]) depth[p] = t[p]
    })
  }
  return { depth, angle }
}
