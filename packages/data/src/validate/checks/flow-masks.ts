import { pixelSize } from '../camera/view.ts'
import { type GeometryCheck, type Judgement, some, Tally } from '../check.ts'
import type { Clip } from '../clip.ts'
import { type Lead, leadsOf } from '../leads.ts'
import { NOWHERE, SHOWN } from '../motion.ts'
import { pointsOf } from '../points.ts'

/** Raster distance from the picture's border where rounding may decide. */
const BORDER = 1e-3
/** All distances around the place nearer by this fraction, and by more than a patch may slope: hidden. */
const NEARER = 0.005
/** Thin things between pixel centres hide or show what the four neighbours cannot tell: this share of flags, at least `FEW`, may disagree. */
const SHARE = 0.03
const FEW = 6
/** Range of the distances of four neighbouring pixels of one patch, in sizes of a pixel. */
const PATCH = 3
/** Rounding of object coordinates. */
const STEPS = 2 / 65535

export const flowMasks: GeometryCheck = {
  name: 'flow-masks',
  definition:
    'out-of-frame and invalid flags are those of the predicted place; occlusion flags agree with ids and depth of the other picture wherever the four pixels around the place are unanimous',
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
  const hidden = new Tally()
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
    const covered = id === 0 ? around.every(i => segThere.data[i]! > 0) : Math.max(...ds) < d - Math.max(NEARER * d, patch)
    const smooth = Math.max(...ds) - Math.min(...ds) < patch
    const open = id === 0 ? same : same && d <= Math.max(...ds) && smooth && (!places || inside(places, p, around))
    const says = (mask.data[p]! & 1) > 0
    if (says) flagged++
    if (covered !== open) hidden.add(p, says === covered ? 0 : 1, 0)
  }
  const involved = [...compared, ...other.files(target, 'depth', 'segmentation')]
  return [...out, ...some(hidden.judge(involved, clip.width, 'flags', Math.max(FEW, SHARE * flagged)))]
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
