import { type GeometryCheck, type Judgement, some, Tally } from '../check.ts'
import type { Clip } from '../clip.ts'
import { predictMotion } from '../motion.ts'
import { flowsOf } from './flow.ts'

/** Raster distance from the picture's border where rounding may decide. */
const BORDER = 1e-3
/** All four depths around the place nearer by this fraction, and by more than a patch may slope: hidden. */
const NEARER = 0.005
/** Thin things between pixel centres hide or show what the four neighbours cannot tell: this share of flags, at least `FEW`, may disagree. */
const SHARE = 0.03
const FEW = 6
/** Depth range of four neighbouring pixels of one patch, in sizes of a pixel. */
const PATCH = 3
/** Rounding of object coordinates. */
const STEPS = 2 / 65535

export const flowMasks: GeometryCheck = {
  name: 'flow-masks',
  definition:
    'out-of-frame and invalid flags are those of the predicted place; occlusion flags agree with ids and depth of the other frame wherever the four pixels around the place are unanimous',
  unit: 'contradictions',
  async judge(clip, frame) {
    const out: Judgement[] = []
    for (const [layer, step] of flowsOf(clip, frame)) out.push(...(await one(clip, frame, `${layer}-mask`, step)))
    return out
  },
}

async function one(clip: Clip, frame: number, layer: string, step: number): Promise<readonly Judgement[]> {
  const mask = await clip.values(layer, frame)
  const motion = mask && (await predictMotion(clip, frame, step))
  const seg = await clip.values('segmentation', frame)
  if (!mask || !motion || !seg) return []
  const { width, height } = clip
  const place = new Tally()
  for (let p = 0; p < mask.data.length; p++) {
    const flags = mask.data[p]!
    const u = motion.u[p]!
    const v = motion.v[p]!
    if (Number.isNaN(u)) {
      if ((clip.byId.has(seg.data[p]!) && !clip.deforms(seg.data[p]!)) || seg.data[p] === 0) place.add(p, flags & 4 ? 0 : 1, 0)
      continue
    }
    const margin = Math.min(u, v, width - u, height - v)
    if (Math.abs(margin) > BORDER + 8 * motion.blur[p]!) place.add(p, margin < 0 === (flags & 2) > 0 && (flags & 4) === 0 ? 0 : 1, 0)
  }
  const compared = [clip.file(layer, frame), clip.file('depth', frame), clip.file('segmentation', frame), clip.record]
  const out = [...some(place.judge(compared, width, 'flags'))]
  const depthThere = await clip.values('depth', frame + step)
  const segThere = await clip.values('segmentation', frame + step)
  if (!depthThere || !segThere) return out
  const here = await clip.values('object-coordinates', frame)
  const there = await clip.values('object-coordinates', frame + step)
  const places = here && there && { here: here.data, there: there.data }
  const focal = clip.camera(frame + step)!.fx
  // Four pixels of one patch differ in depth by a few times their size; over an outline inside the object they differ by more.
  const smooth = (zs: readonly number[], z: number) => Math.max(...zs) - Math.min(...zs) < (PATCH * z) / focal
  // A point in the crease between two surfaces, or seen through a gap thinner than a pixel, lies behind all four by less than that.
  const nearer = 1 - Math.max(NEARER, PATCH / focal)
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
    const zs = around.map(i => depthThere.data[i]!)
    const z = motion.depth[p]!
    const covered = id === 0 ? around.every(i => segThere.data[i]! > 0) : Math.max(...zs) < z * nearer
    const open = id === 0 ? same : same && z <= Math.max(...zs) && smooth(zs, z) && (!places || inside(places, p, around))
    const says = (mask.data[p]! & 1) > 0
    if (says) flagged++
    if (covered !== open) hidden.add(p, says === covered ? 0 : 1, 0)
  }
  const involved = [...compared, clip.file('depth', frame + step), clip.file('segmentation', frame + step)]
  return [...out, ...some(hidden.judge(involved, width, 'flags', Math.max(FEW, SHARE * flagged)))]
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
