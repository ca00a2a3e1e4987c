/**
 * Where every pixel's content shows in another picture (of another frame or another camera), from depth, ids, poses and cameras alone; on deforming bodies by their scene flow, where
 * there is one.
 */
import { type Arrival, arrive, type Exposure } from './camera/exposure.ts'
import { NEAR } from './camera/lens.ts'
import { see } from './camera/view.ts'
import type { Clip } from './clip.ts'
import type { V3 } from './maths.ts'
import { localsOf, pointsOf, sightsOf } from './points.ts'

/** States of a pixel; 0 is unknown. */
export const SHOWN = 1
/** The other camera has no image of it. */
export const NOWHERE = 2

export interface Motion {
  readonly state: Uint8Array
  /** Raster position in the other picture; NaN unless `SHOWN`. */
  readonly u: Float64Array
  readonly v: Float64Array
  /** Metres from the other camera along its ray; +∞ for the sky. */
  readonly distance: Float64Array
  /** Pixels of error that the rounding of depth and what is read between frames may cause. */
  readonly blur: Float64Array
}

const F32 = 6e-8
/** A direction this near to the edge of what a lens sees may fall to either side of it. */
const EDGE = 0.01

/** Undefined where layers, poses or cameras are not recorded. */
export const predictMotion = (clip: Clip, frame: number, step: number): Promise<Motion | undefined> =>
  clip.note(`motion ${step}`, () => predict(clip, frame, clip, frame + step), frame)

/** The same moment through another camera of the clip. */
export const predictStereo = (clip: Clip, frame: number, other: Clip): Promise<Motion | undefined> =>
  clip.note(`stereo ${other.name}`, () => predict(clip, frame, other, frame), frame)

async function predict(clip: Clip, frame: number, other: Clip, target: number): Promise<Motion | undefined> {
  const seg = await clip.values('segmentation', frame)
  const points = await pointsOf(clip, frame)
  const locals = await localsOf(clip, frame)
  const rays = await sightsOf(clip, frame)
  const to = other.exposure(target)
  if (!seg || !points || !locals || !to) return undefined
  const drift = await driftOf(clip, frame, other, target)
  const n = seg.data.length
  const nan = () => new Float64Array(n).fill(NaN)
  const out: Motion = { state: new Uint8Array(n), u: nan(), v: nan(), distance: new Float64Array(n), blur: new Float64Array(n) }
  for (let p = 0; p < n; p++) {
    const id = seg.data[p]!
    const sky = points.distance[p] === Infinity
    if (sky !== (id === 0)) continue
    const bends = clip.deforms(id)
    const source = sky || bends ? points.world : locals.place
    const [x, y, z] = [source[3 * p]!, source[3 * p + 1]!, source[3 * p + 2]!]
    if (Number.isNaN(x)) continue
    if (sky && to.lens.parallel) {
      parallelSky(out, p, clip, frame, other, target)
      continue
    }
    const found = bends ? carriedTo(to, [x, y, z], drift, p) : arrive(to, id, [x, y, z], other.height)
    if (!found) continue
    const near = sky ? Math.abs(found.depth) < EDGE : Math.abs(found.depth - NEAR) < 1e-6
    if (near && !to.lens.round) continue
    if (Number.isNaN(found.u)) {
      if (to.rolling) continue
      out.state[p] = NOWHERE
      continue
    }
    out.state[p] = SHOWN
    out.u[p] = found.u
    out.v[p] = found.v
    out.distance[p] = found.distance
    out.blur[p] = sky
      ? 1e-6 + found.blur + found.perRadian * (rays?.twist[Math.floor(p / clip.width)] ?? 0)
      : found.perMetre * (F32 * Math.abs(points.distance[p]!) + locals.blur[p]!) + (to.rolling ? 2 : 1) * found.blur
  }
  return out
}

/** Scene flow from one frame to the other, nothing where both are one moment; undefined where it is not known. */
async function driftOf(clip: Clip, frame: number, other: Clip, target: number): Promise<ArrayLike<number> | 'none' | undefined> {
  // Rows of a rolling shutter see a body at as many times, which poses alone can bridge.
  if (clip.exposure(frame)?.rolling || other.exposure(target)?.rolling) return undefined
  if (target === frame) return 'none'
  const layer = target === frame + 1 ? 'scene-flow-forward' : target === frame - 1 ? 'scene-flow-backward' : undefined
  return layer && (await clip.values(layer, frame))?.data
}

/** The image of a deforming body's point. */
function carriedTo(to: Exposure, [x, y, z]: V3, drift: ArrayLike<number> | 'none' | undefined, p: number): Arrival | undefined {
  const view = to.view(0)
  if (!view || drift === undefined) return undefined
  const by = (k: number) => (drift === 'none' ? 0 : drift[3 * p + k]!)
  return { ...see(view, [x + by(0), y + by(1), z + by(2)]), blur: 0 }
}

/** Parallel rays all see one direction: all of the sky is where it was, or nowhere. */
function parallelSky(out: Motion, p: number, clip: Clip, frame: number, other: Clip, target: number): void {
  const [a, b] = [clip.camera(frame), other.camera(target)]
  if (!a || !b) return
  const cosine = a.r[2] * b.r[2] + a.r[5] * b.r[5] + a.r[8] * b.r[8]
  if (clip !== other || cosine < 1 - 1e-9) out.state[p] = NOWHERE
  else if (cosine > 1 - 1e-14) {
    out.state[p] = SHOWN
    out.u[p] = (p % clip.width) + 0.5
    out.v[p] = Math.floor(p / clip.width) + 0.5
    out.distance[p] = Infinity
  }
}
