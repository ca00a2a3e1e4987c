/** Where every pixel's surface point goes in another frame, from depth, ids, poses and cameras alone; on deforming bodies by their scene flow, where there is one. */
import type { Clip } from './clip.ts'
import { apply, applyTransposed, projectRelative, ray } from './maths.ts'

export interface Motion {
  /** Raster position in the other frame; NaN where unknown or at the camera's plane. */
  readonly u: Float64Array
  readonly v: Float64Array
  /** Depth there; +∞ for the sky. */
  readonly depth: Float64Array
  /** Pixels of error that f32 depth may cause. */
  readonly blur: Float64Array
}

const NEAR = 1e-3
const F32 = 6e-8

/** Undefined where layers, poses or cameras are not recorded. */
export const predictMotion = (clip: Clip, frame: number, step: number): Promise<Motion | undefined> =>
  clip.note(`motion ${step}`, () => predict(clip, frame, step), frame)

async function predict(clip: Clip, frame: number, step: number): Promise<Motion | undefined> {
  const depth = await clip.values('depth', frame)
  const seg = await clip.values('segmentation', frame)
  const here = clip.camera(frame)
  const there = clip.camera(frame + step)
  if (!depth || !seg || !here || !there) return undefined
  const layer = step === 1 ? 'scene-flow-forward' : step === -1 ? 'scene-flow-backward' : undefined
  const sceneFlow = layer && (await clip.values(layer, frame))
  const n = depth.data.length
  const out = { u: new Float64Array(n).fill(NaN), v: new Float64Array(n).fill(NaN), depth: new Float64Array(n), blur: new Float64Array(n) }
  for (let p = 0; p < n; p++) {
    const id = seg.data[p]!
    const z = depth.data[p]!
    const d = ray(here, (p % clip.width) + 0.5, Math.floor(p / clip.width) + 0.5)
    const sky = id === 0
    let x = d[0]
    let y = d[1]
    let w = d[2]
    if (!sky && clip.deforms(id)) {
      if (!sceneFlow || z === Infinity) continue
      x = here.position[0] + x * z + sceneFlow.data[3 * p]! - there.position[0]
      y = here.position[1] + y * z + sceneFlow.data[3 * p + 1]! - there.position[1]
      w = here.position[2] + w * z + sceneFlow.data[3 * p + 2]! - there.position[2]
    } else if (!sky) {
      const from = clip.pose(id, frame)
      const to = clip.pose(id, frame + step)
      if (!from || !to || z === Infinity) continue
      const local = applyTransposed(
        from.r,
        here.position[0] + x * z - from.position[0],
        here.position[1] + y * z - from.position[1],
        here.position[2] + w * z - from.position[2],
      )
      const moved = apply(to.r, local[0], local[1], local[2])
      x = moved[0] + to.position[0] - there.position[0]
      y = moved[1] + to.position[1] - there.position[1]
      w = moved[2] + to.position[2] - there.position[2]
    }
    const q = projectRelative(there, x, y, w)
    if (!(q.depth > NEAR) || Number.isNaN(q.u)) continue
    out.u[p] = q.u
    out.v[p] = q.v
    out.depth[p] = sky ? Infinity : q.depth
    const reach = Math.sqrt(x * x + y * y + w * w) / q.depth
    out.blur[p] = sky ? 1e-6 : (F32 * z * there.fx * reach * reach) / q.depth
  }
  return out
}
