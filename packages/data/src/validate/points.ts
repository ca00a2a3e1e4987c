/** What every pixel sees, in the world: from depth (or distance), ids and cameras alone. */
import { localOf } from './camera/exposure.ts'
import { directionAt } from './camera/view.ts'
import type { Clip } from './clip.ts'
import { apply, applyTransposed, type V3 } from './maths.ts'

/** Rays through pixel centres, world axes. */
export interface Sights {
  /** Where they start, metres, three a pixel. */
  readonly origin: Float64Array
  /** Of unit length, three a pixel. */
  readonly direction: Float64Array
  /** Cosine to the optical axis: depth / distance. */
  readonly axial: Float64Array
  /** Radians that directions may be off, row by row. */
  readonly twist: Float64Array
}

export const sightsOf = (clip: Clip, frame: number): Promise<Sights | undefined> =>
  clip.note('sights', async () => sights(clip, frame), frame)

/** Directions in camera axes, of the intrinsics that were asked for last. */
const lately = new WeakMap<Clip, { readonly key: string; readonly local: Float64Array }>()

function sights(clip: Clip, frame: number): Sights | undefined {
  const exposure = clip.exposure(frame)
  if (!exposure) return undefined
  const { width, height } = clip
  const n = width * height
  const out = {
    origin: new Float64Array(3 * n),
    direction: new Float64Array(3 * n).fill(NaN),
    axial: new Float64Array(n).fill(NaN),
    twist: new Float64Array(height),
  }
  for (let row = 0; row < height; row++) {
    const view = exposure.view(row + 0.5)
    if (!view) continue
    out.twist[row] = view.twist
    const local = directions(clip, view.fx, view.fy, view.cx, view.cy, exposure.rolling ? row : undefined, (u, v) =>
      applyTransposed(view.r, ...directionAt(view, u, v)),
    )
    for (let column = 0; column < width; column++) {
      const p = row * width + column
      const at = 3 * (exposure.rolling ? column : p)
      const [x, y, z] = [local[at]!, local[at + 1]!, local[at + 2]!]
      const start = exposure.lens.parallel
        ? apply(view.r, (column + 0.5 - view.cx) / view.fx, (view.cy - row - 0.5) / view.fy, 0)
        : ([0, 0, 0] as const)
      const d = apply(view.r, x, y, z)
      for (let k = 0; k < 3; k++) {
        out.origin[3 * p + k] = view.position[k]! + start[k]!
        out.direction[3 * p + k] = d[k]!
      }
      out.axial[p] = -z
    }
  }
  return out
}

/** Directions of a whole picture, remembered while intrinsics stay; under a rolling shutter those of one row. */
function directions(
  clip: Clip,
  fx: number,
  fy: number,
  cx: number,
  cy: number,
  row: number | undefined,
  of: (u: number, v: number) => V3,
): Float64Array {
  const { width, height } = clip
  const fill = (from: number, to: number) => {
    const local = new Float64Array(3 * width * (to - from))
    for (let y = from, at = 0; y < to; y++) for (let x = 0; x < width; x++, at += 3) local.set(of(x + 0.5, y + 0.5), at)
    return local
  }
  if (row !== undefined) return fill(row, row + 1)
  const key = [fx, fy, cx, cy].join()
  const known = lately.get(clip)
  if (known?.key === key) return known.local
  const local = fill(0, height)
  lately.set(clip, { key, local })
  return local
}

/** World points that pixels show; directions of unit length where they show the sky; NaN where nothing is known. */
export interface Points {
  readonly world: Float64Array
  /** Metres along the ray; +∞ for the sky. */
  readonly distance: Float64Array
}

export const pointsOf = (clip: Clip, frame: number): Promise<Points | undefined> => clip.note('points', () => points(clip, frame), frame)

async function points(clip: Clip, frame: number): Promise<Points | undefined> {
  const depth = await clip.values('depth', frame)
  const rays = await sightsOf(clip, frame)
  if (!depth || !rays) return undefined
  const n = depth.data.length
  const out = { world: new Float64Array(3 * n), distance: new Float64Array(n) }
  for (let p = 0; p < n; p++) {
    const far = depth.data[p]! / rays.axial[p]!
    const sky = depth.data[p] === Infinity
    out.distance[p] = sky ? Infinity : far
    for (let k = 0; k < 3; k++) {
      const d = rays.direction[3 * p + k]!
      out.world[3 * p + k] = sky ? d : rays.origin[3 * p + k]! + far * d
    }
  }
  return out
}

export interface Local {
  /** Metres in the frame of the object that segmentation names; NaN where its pose is not known. */
  readonly place: Float64Array
  /** Metres that poses read between frames may move it. */
  readonly blur: Float64Array
}

/** The points in the frames of their objects, as their rows see them. */
export const localsOf = (clip: Clip, frame: number): Promise<Local | undefined> =>
  clip.note(
    'locals',
    async () => {
      const found = await pointsOf(clip, frame)
      const seg = await clip.values('segmentation', frame)
      const exposure = clip.exposure(frame)
      if (!found || !seg || !exposure) return undefined
      const out = { place: new Float64Array(found.world.length).fill(NaN), blur: new Float64Array(seg.data.length) }
      for (let p = 0; p < seg.data.length; p++) {
        const row = Math.floor(p / clip.width) + 0.5
        const pose = seg.data[p]! > 0 ? exposure.pose(seg.data[p]!, row) : undefined
        const view = exposure.view(row)
        if (!pose || !view || found.distance[p] === Infinity) continue
        const at = localOf(pose, [found.world[3 * p]!, found.world[3 * p + 1]!, found.world[3 * p + 2]!])
        out.place.set(at, 3 * p)
        const arm = Math.sqrt(at[0] * at[0] + at[1] * at[1] + at[2] * at[2])
        out.blur[p] = pose.blur + pose.twist * arm + view.blur + view.twist * Math.abs(found.distance[p]!)
      }
      return out
    },
    frame,
  )
