import { pixelSize } from '../camera/view.ts'
import { type GeometryCheck, type Judgement, some, Tally } from '../check.ts'
import type { Clip, Values } from '../clip.ts'
import { type Lead, leadsOf } from '../leads.ts'
import { NOWHERE, SHOWN } from '../motion.ts'
import { pointsOf } from '../points.ts'

/** Raster distance from the picture's border where rounding may decide. */
const BORDER = 1e-3
/** All distances around the place nearer by this fraction, and by more than a patch may slope: hidden. */
const NEARER = 0.005
/** Creases and gaps between pixel centres show what the four neighbours cannot tell: so many flags, of as many as there are, may be missing; at least `FEW`. */
const MISSING = 0.02
/** Rails, leaves and reveals between pixel centres hide what they cannot tell, and there are more of those: so many flags may stand where nothing is seen that hides. */
const UNSEEN = 0.05
const FEW = 5
/** Range of the distances of four neighbouring pixels of one patch, in sizes of a pixel. */
const PATCH = 3
/** How far the fourth of them may lie off the plane of the others, and the point off all of them, in sizes of a pixel: relief that is deeper hides parts of itself. */
const RELIEF = 0.5
/** Least cosine between normals of one even patch: a round thing turns by less from pixel to pixel, reveals and leaves by more. */
const EVEN = 0.5
/** Rounding of object coordinates. */
const STEPS = 2 / 65535

export const flowMasks: GeometryCheck = {
  name: 'flow-masks',
  definition:
    'out-of-frame and invalid flags are those of the predicted place; occlusion flags agree with ids and depth of the other picture wherever the four pixels around the place are unanimous, one even patch of one object',
  unit: 'contradictions',
  async judge(clip, frame) {
    const out: Judgement[] = []
    for (const lead of leadsOf(clip, frame)) out.push(...(await one(clip, frame, lead)))
    return out
  },
}

async function one(clip: Clip, frame: number, lead: Lead): Promise<readonly Judgement[]> {
  const { clip: other, frame: target } = lead
  const mask = await clip.values(`${lead.layer}-mask`, frame)
  const motion = mask && (await lead.predict())
  const seg = await clip.values('segmentation', frame)
  const view = other.camera(target)
  if (!mask || !motion || !seg) return []
  const { width, height } = other
  const round = view?.lens.round ?? false
  const place = new Tally()
  for (let p = 0; p < mask.data.length; p++) {
    const flags = mask.data[p]!
    if (motion.state[p] === NOWHERE) place.add(p, flags & 4 ? 0 : 1, 0)
    if (motion.state[p] !== SHOWN) continue
    const [u, v] = [motion.u[p]!, motion.v[p]!]
    const margin = round ? Math.min(v, height - v) : Math.min(u, v, width - u, height - v)
    if (Math.abs(margin) > BORDER + 8 * motion.blur[p]!) place.add(p, margin < 0 === (flags & 2) > 0 && (flags & 4) === 0 ? 0 : 1, 0)
  }
  const compared = [...clip.files(frame, `${lead.layer}-mask`, 'depth', 'segmentation'), clip.record]
  const out = [...some(place.judge(compared, clip.width, 'flags'))]
  const far = await pointsOf(other, target)
  const segThere = await other.values('segmentation', target)
  if (!far || !segThere || !view) return out
  const here = await clip.values('object-coordinates', frame)
  const there = await other.values('object-coordinates', target)
  const places = here && there && { here: here.data, there: there.data }
  const normals = { here: await clip.values('normal', frame), there: await other.values('normal', target) }
  const missing = new Tally()
  const unseen = new Tally()
  let flagged = 0
  for (let p = 0; p < mask.data.length; p++) {
    const u = motion.u[p]! - 0.5
    const v = motion.v[p]! - 0.5
    if (!(u >= 0 && v >= 0 && u < width - 1 && v < height - 1) || mask.data[p]! & 6) continue
    const q = Math.floor(v) * width + Math.floor(u)
    const around = [q, q + 1, q + width, q + width + 1]
    const id = seg.data[p]!
    const same = around.every(i => segThere.data[i] === id)
    const ds = around.map(i => far.distance[i]!)
    const d = motion.distance[p]!
    // A point in the crease between two surfaces, or seen through a gap thinner than a pixel, lies behind all four by less than a few pixels' size.
    const patch = PATCH * pixelSize(view, d)
    // Four pixels of foliage, or of a thing and what is behind it, say nothing of the gaps between them.
    const nearest = Math.min(...ds)
    const one = around.every(i => segThere.data[i] === segThere.data[q])
    const smooth = one && Math.max(...ds) - nearest < PATCH * pixelSize(view, nearest) && even(normals.there, around)
    const covered = smooth && segThere.data[q]! > 0 && (id === 0 || Math.max(...ds) < d - Math.max(NEARER * d, patch))
    const flat = Math.abs(ds[0]! + ds[3]! - ds[1]! - ds[2]!) < RELIEF * pixelSize(view, d)
    const open =
      id === 0
        ? same
        : same && d <= Math.max(...ds) && smooth && flat && even(normals.here, beside(p, clip)) && (!places || inside(places, p, around))
    const says = (mask.data[p]! & 1) > 0
    if (says) flagged++
    // Relief finer than pixels hides points of its own object, and is in none of the four pixels.
    const relief = open && says && within(segThere, q)
    if (covered && !open) missing.add(p, says ? 0 : 1, 0)
    else if (open && !covered && !relief) unseen.add(p, says ? 1 : 0, 0)
  }
  const involved = [...compared, ...other.files(target, 'depth', 'segmentation')]
  const found = [
    missing.judge(involved, clip.width, 'flags', Math.max(FEW, MISSING * flagged)),
    unseen.judge(involved, clip.width, 'flags', Math.max(FEW, UNSEEN * flagged)),
  ]
  return [...out, ...found.flatMap(some)]
}
/** Whether two pixels to every side of four are of their object, too: nothing else can hide what lies there. */
function within({ width, height, data }: Values, first: number): boolean {
  const [x0, y0] = [(first % width) - 2, Math.floor(first / width) - 2]
  for (let y = Math.max(0, y0); y < Math.min(height, y0 + 6); y++)
    for (let x = Math.max(0, x0); x < Math.min(width, x0 + 6); x++) if (data[y * width + x] !== data[first]) return false
  return true
}

/** Whether the normals of these pixels point the same way; so where there is no layer of them. */
function even(normals: Values | undefined, pixels: readonly number[]): boolean {
  if (!normals) return true
  const at = (p: number, c: number) => normals.data[3 * p + c]!
  const first = pixels[0]!
  return pixels.every(p => at(p, 0) * at(first, 0) + at(p, 1) * at(first, 1) + at(p, 2) * at(first, 2) > EVEN)
}

/** A pixel and those above, below, left and right of it, within the picture. */
function beside(p: number, { width, height }: Clip): number[] {
  const [x, y] = [p % width, Math.floor(p / width)]
  return [
    p,
    ...(x > 0 ? [p - 1] : []),
    ...(x < width - 1 ? [p + 1] : []),
    ...(y > 0 ? [p - width] : []),
    ...(y < height - 1 ? [p + width] : []),
  ]
}

/** Whether the point's object coordinates lie among those of the four pixels around its place, so that this very patch shows there. */
function inside(
  places: { readonly here: ArrayLike<number>; readonly there: ArrayLike<number> },
  p: number,
  around: readonly number[],
): boolean {
  for (let k = 0; k < 3; k++) {
    const found = around.map(q => places.there[3 * q + k]!)
    const [low, high] = [Math.min(...found), Math.max(...found)]
    const slack = 0.1 * (high - low) + STEPS
    const x = places.here[3 * p + k]!
    if (x < low - slack || x > high + slack) return false
  }
  return true
}
