/** What a camera sees in one frame: at one moment, or row by row under a rolling shutter. */
import type { CameraPose } from '../../schema/sample.ts'
import type { Clip } from '../clip.ts'
import type { Rigid, V3 } from '../maths.ts'
import { apply, applyTransposed, matrix } from '../maths.ts'
import { between, type State, sub, turn } from './between.ts'
import { type Lens, lensOf } from './lens.ts'
import { type Seen, see, type View, viewOf } from './view.ts'

/** An object at one moment, and how far that may be off: metres, and radians. */
export interface Placed extends Rigid {
  readonly blur: number
  readonly twist: number
}

export interface Exposure {
  readonly rolling: boolean
  readonly lens: Lens
  /** The camera as raster row `v` is read; undefined where it is not known. */
  view(v: number): View | undefined
  /** An object as raster row `v` is read. */
  pose(id: number, v: number): Placed | undefined
}

/** An image that was looked for, and how far it may be off, pixels. */
export interface Arrival extends Seen {
  readonly blur: number
}

export function exposureOf(clip: Clip, frame: number): Exposure | undefined {
  const track = clip.sample.cameras[0] as { lens?: { model: string }; readout?: number }
  const lens = lensOf(track.lens)
  if (!lens) return undefined
  return track.readout ? new Rolling(clip, frame, lens, track.readout) : instant(clip, frame, lens)
}

function instant(clip: Clip, frame: number, lens: Lens): Exposure | undefined {
  const state = clip.cameraState(frame)
  if (!state) return undefined
  const view = viewOf(state, lens)
  const poses = new Map<number, Placed | undefined>()
  return {
    rolling: false,
    lens,
    view: () => view,
    pose(id) {
      if (!poses.has(id)) {
        const found = clip.pose(id, frame)
        poses.set(id, found && { ...found, blur: 0, twist: 0 })
      }
      return poses.get(id)
    },
  }
}

/**
 * The camera share `s` of the way from frame `f` to the next one. How far it may be off is judged from differences of what is recorded: nothing where it rests or moves evenly, much where a
 * motion begins or ends between frames.
 */
function viewBetween(clip: Clip, lens: Lens, f: number, s: number): View | undefined {
  const [z, a, b, c] = [-1, 0, 1, 2].map(k => clip.cameraState(f + k))
  if (!a || (s > 0 && !b)) return undefined
  if (s === 0 || !b) return viewOf(a, lens)
  const arc = turn(a.rotation, b.rotation)
  const [before, after] = [z && turn(z.rotation, a.rotation), c && turn(b.rotation, c.rotation)]
  const at = (k: 0 | 1 | 2) => [z?.position[k], a.position[k], b.position[k], c?.position[k]] as const
  const spins = [0, 1, 2].map(k => doubt([undefined, 0, arc[k]!, undefined], before?.[k], after?.[k]))
  const state = (x: CameraPose, from: CameraPose | undefined, to: CameraPose | undefined, w: V3 | undefined): State => ({
    ...x,
    ...(from && to && w
      ? {
          velocity: sub(to.position, from.position).map(d => d / 2) as unknown as V3,
          spin: w.map((x, k) => (x + arc[k]!) / 2) as unknown as V3,
        }
      : {}),
  })
  const off = { blur: Math.max(...[0, 1, 2].map(k => doubt(at(k as 0)))), twist: Math.max(...spins) }
  const pose = between(state(a, z, b, before), state(b, a, c, after), s, [0, 0, 0], off)
  // Intrinsics by the same curve.
  const zoom = (k: 'fx' | 'fy' | 'cx' | 'cy') => {
    const d = b[k] - a[k]
    const [p, q] = [z ? (b[k] - z[k]) / 2 : d, c ? (c[k] - a[k]) / 2 : d]
    return a[k] + d * s * s * (3 - 2 * s) + p * s * (1 - s) * (1 - s) - q * s * s * (1 - s)
  }
  const swell = doubt([z?.fx, a.fx, b.fx, c?.fx]) / a.fx
  const twist = pose.twist + swell * Math.max(clip.width / a.fx, clip.height / a.fy)
  return viewOf({ ...pose, fx: zoom('fx'), fy: zoom('fy'), cx: zoom('cx'), cy: zoom('cy') }, lens, pose.blur, twist)
}

/** The camera at a time, in frames and not whole; undefined where it is not recorded. */
export function viewAt(clip: Clip, frame: number): View | undefined {
  const lens = clip.exposure(0)?.lens
  const f = Math.floor(frame)
  return lens && viewBetween(clip, lens, f, frame - f)
}

/**
 * What a cubic through four values one frame apart may miss between the middle two; or through the middle two and the steps before and after. Keys may lie on frames and be joined
 * by straight lines, from which the cubic bends away by an eighth of the second difference.
 */
function doubt(
  [z, a, b, c]: readonly (number | undefined)[],
  before = z === undefined ? undefined : a! - z,
  after = c === undefined ? undefined : c - b!,
): number {
  const step = b! - a!
  if (before === undefined || after === undefined) {
    const known = before ?? after
    return known === undefined ? Math.abs(step) / 2 : Math.abs(step - known) / 4
  }
  return Math.max(Math.abs(after - 2 * step + before) / 4, Math.abs(after - step) / 8, Math.abs(step - before) / 8)
}

class Rolling implements Exposure {
  readonly rolling = true
  readonly lens: Lens
  private readonly clip: Clip
  private readonly frame: number
  /** Frames from the first row to the last. */
  private readonly span: number
  private readonly views = new Map<number, View | undefined>()
  private readonly poses = new Map<number, Map<number, Placed | undefined>>()

  constructor(clip: Clip, frame: number, lens: Lens, readout: number) {
    this.clip = clip
    this.frame = frame
    this.lens = lens
    this.span = readout * clip.sample.fps
  }

  private time(v: number): readonly [frame: number, rest: number] {
    const t = this.frame + (v / this.clip.height - 0.5) * this.span
    return [Math.floor(t), t - Math.floor(t)]
  }

  view(v: number): View | undefined {
    if (this.views.has(v)) return this.views.get(v)
    const found = viewBetween(this.clip, this.lens, ...this.time(v))
    if (this.views.size < 4096) this.views.set(v, found)
    return found
  }

  pose(id: number, v: number): Placed | undefined {
    const mine = this.poses.get(id) ?? new Map<number, Placed | undefined>()
    this.poses.set(id, mine)
    if (mine.has(v)) return mine.get(v)
    const found = this.placed(id, ...this.time(v))
    if (mine.size < 4096) mine.set(v, found)
    return found
  }

  private placed(id: number, f: number, s: number): Placed | undefined {
    const [a, b] = [this.clip.state(id, f), this.clip.state(id, f + 1)]
    if (!a || (s > 0 && !b)) return undefined
    if (s > 0 && this.clip.struck(id, f, f + 1)) return undefined
    const g = this.clip.sample.gravity
    const h2 = 1 / (this.clip.sample.fps * this.clip.sample.fps)
    const pose = between(a, b ?? a, s, [g[0] * h2, g[1] * h2, g[2] * h2])
    return { position: pose.position, r: matrix(pose.rotation), blur: pose.blur, twist: pose.twist }
  }
}

const ROUNDS = 60

/**
 * Where a point of object `id`, given in the object's frame, is seen (with `id` 0: the world direction `local`). Under a rolling shutter, in the row
 * that is read when it is seen there: found by secants. Undefined where poses are not known.
 */
export function arrive(to: Exposure, id: number, local: V3, height: number): Arrival | undefined {
  const at = (v: number): Arrival | undefined => {
    const view = to.view(v)
    if (!view) return undefined
    if (id === 0) {
      const seen = see(view, local, true)
      return { ...seen, distance: Infinity, blur: view.twist * seen.perRadian }
    }
    const pose = to.pose(id, v)
    if (!pose) return undefined
    const w = apply(pose.r, ...local)
    const seen = see(view, [w[0] + pose.position[0], w[1] + pose.position[1], w[2] + pose.position[2]])
    const arm = Math.sqrt(local[0] * local[0] + local[1] * local[1] + local[2] * local[2])
    return { ...seen, blur: seen.perMetre * (pose.blur + pose.twist * arm + view.blur) + view.twist * seen.perRadian }
  }
  let v = height / 2
  let found = at(v)
  if (!to.rolling) return found
  let [last, lastError] = [NaN, NaN]
  for (let i = 0; i < ROUNDS && found && !Number.isNaN(found.v); i++) {
    const error = found.v - v
    if (Math.abs(error) < 1e-9) return found
    const slope = (error - lastError) / (v - last)
    last = v
    lastError = error
    v = slope < -0.1 && slope > -10 ? v - error / slope : found.v
    found = at(v)
  }
  // No row sees it, or the iteration does not settle: nothing can be said.
  return undefined
}

/** Object-frame position of a world point as row `v` sees the object. */
export function localOf(pose: Rigid, p: V3): V3 {
  return applyTransposed(pose.r, p[0] - pose.position[0], p[1] - pose.position[1], p[2] - pose.position[2])
}
