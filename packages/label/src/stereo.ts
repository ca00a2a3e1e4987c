/** Where each pixel's content shows in another camera at the same time, and what hides it there: stereo, of any two cameras with any lenses. */
import { projectionOf, quat, rowTime } from '@dioramic/scene'
import { frameContext } from './context.ts'
import { INVALID, OCCLUDED, OUT_OF_FRAME } from './flow.ts'
import { type FrameContext, LabelError } from './label.ts'
import { memo } from './memo.ts'
import { frameCamera, frameDirections } from './pixels.ts'
import { seePoints } from './points.ts'

interface Stereo {
  /** (right, down), pixels, two a pixel; 0 where invalid. */
  readonly offset: Float32Array
  /** `OCCLUDED`, `OUT_OF_FRAME`, `INVALID`, in the other camera. */
  readonly flags: Uint8Array
}

/** Computed once a frame and pair. Throws `LabelError` when the scene has no camera of that name. */
export const stereo = (context: FrameContext, name: string): Stereo =>
  memo(context, `stereo ${name}`, () => {
    const { cameras } = context.resolved.scene
    const other = cameras.findIndex(c => c.name === name)
    if (other < 0)
      throw new LabelError(`stereo-to-${name}: there is no camera "${name}"; the scene has: ${cameras.map(c => c.name).join(', ')}.`)
    const n = context.primary.instance.length
    const out: Stereo = { offset: new Float32Array(2 * n), flags: new Uint8Array(n) }
    if (other === context.camera) return out
    const { resolved, motion, frame } = context
    const there = frameContext({ resolved, motion, rays: t => context.rays(t), camera: other, frame })
    const { width } = frameCamera(context)
    const put = (p: number, u: number, v: number, flags: number) => {
      out.flags[p] = flags
      if (flags & INVALID) return
      out.offset[2 * p] = u - ((p % width) + 0.5)
      out.offset[2 * p + 1] = v - (Math.floor(p / width) + 0.5)
    }
    const { instance, primitive, u, v } = context.primary
    const surface = Array.from(instance.keys()).filter(p => instance[p] >= 0)
    const at = (source: ArrayLike<number>) => Float64Array.from(surface, p => source[p])
    const seen = seePoints(there, { instance: at(instance), primitive: at(primitive), u: at(u), v: at(v) })
    surface.forEach((p, i) => {
      put(p, seen.raster[2 * i], seen.raster[2 * i + 1], seen.flags[i])
    })
    sky(context, there, put)
    return out
  })

/** Directions without a surface: what is infinitely far shows where the other camera looks along them, unless something is there. */
function sky(context: FrameContext, there: FrameContext, put: (p: number, u: number, v: number, flags: number) => void): void {
  const { instance } = context.primary
  const directions = frameDirections(context)
  const state = frameCamera(there)
  const lens = projectionOf(state)
  const back = quat.conjugate(state.rotation)
  const raster = new Float64Array(2)
  const camera = there.resolved.scene.cameras[there.camera]
  for (let p = 0; p < instance.length; p++) {
    if (instance[p] >= 0) continue
    const d = [directions[3 * p], directions[3 * p + 1], directions[3 * p + 2]] as const
    const q = quat.rotate(back, d)
    // Parallel rays see one direction only.
    if (state.lens?.model === 'orthographic' || !lens.project(q[0], q[1], q[2], raster)) {
      put(p, 0, 0, INVALID)
      continue
    }
    const [x, y] = raster
    const inside = x >= 0 && y >= 0 && x < state.width && y < state.height
    const time = rowTime(camera, there.time, Math.min(Math.max(y, 0), state.height))
    const { position } = there.cameraAt(time)
    const hidden = there.rays(time).occluded({
      count: 1,
      origins: Float64Array.from(position),
      directions: Float64Array.from(d),
      tMin: 0,
      tMax: Infinity,
    })[0]
    put(p, x, y, (inside ? 0 : OUT_OF_FRAME) | (hidden ? OCCLUDED : 0))
  }
}
