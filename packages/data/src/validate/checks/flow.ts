import { type GeometryCheck, type Judgement, type Story, some, Tally } from '../check.ts'
import type { Clip, Values } from '../clip.ts'
import { columns, type Lead, leadsOf } from '../leads.ts'
import { type Motion, NOWHERE, SHOWN } from '../motion.ts'

/** Pixels that f64 arithmetic in another order may differ by, beyond what f32 depth explains. */
const BASE = 2e-4

export const flow: GeometryCheck = {
  name: 'flow',
  definition:
    'flow (stereo) is the projection of the unprojected point, carried by its object, through the camera of the other frame (the other camera)',
  unit: 'px',
  async judge(clip, frame) {
    const out: Judgement[] = []
    for (const lead of leadsOf(clip, frame)) out.push(...(await one(clip, frame, lead)))
    return out
  },
}

async function one(clip: Clip, frame: number, lead: Lead): Promise<readonly Judgement[]> {
  const { layer } = lead
  const stored = await clip.values(layer, frame)
  const mask = await clip.values(`${layer}-mask`, frame)
  const seg = await clip.values('segmentation', frame)
  const motion = stored && (await lead.predict())
  if (!stored || !motion || !seg) return []
  const tally = new Tally()
  const rounding = clip.rounding(layer)
  const limit = (p: number) => BASE + 2 * rounding + 8 * motion.blur[p]! + 2e-7 * Math.max(Math.abs(motion.u[p]!), Math.abs(motion.v[p]!))
  for (let p = 0; p < seg.data.length; p++) {
    const [u, v] = stated(lead, stored, motion, p, clip.width)
    if (mask && mask.data[p]! & 4) tally.add(p, Math.abs(u) + Math.abs(lead.disparity ? 0 : v), 0)
    else if (motion.state[p] === SHOWN && (seg.data[p]! > 0 || clip.reader.skyMoves))
      tally.add(p, away(clip, lead, motion, p, u, v), limit(p))
  }
  const compared = [...clip.files(frame, layer, 'depth', 'segmentation'), clip.record]
  const stories = lead.disparity
    ? turned(clip, frame, lead, stored, motion, limit)
    : await happened(clip, frame, lead, stored, motion, limit)
  return some(tally.judge(compared, clip.width, 'px', 0, stories))
}

/** What a layer says of pixel `p`, (right, down). A disparity says nothing of rows. */
function stated({ disparity }: Lead, { data }: Values, motion: Motion, p: number, width: number): readonly [number, number] {
  return disparity ? [-disparity * data[p]!, motion.v[p]! - Math.floor(p / width) - 0.5] : [data[2 * p]!, data[2 * p + 1]!]
}

function turned(clip: Clip, frame: number, lead: Lead, stored: Values, motion: Motion, limit: (p: number) => number): Story[] {
  const holds = (p: number) => {
    const [u, v] = stated(lead, stored, motion, p, clip.width)
    return motion.state[p] === SHOWN && away(clip, lead, motion, p, -u, v) <= 4 * limit(p)
  }
  return [{ name: 'its sign is flipped', files: clip.files(frame, lead.layer), holds }]
}

/** Pixels between where (u, v) leads from pixel `p` and where it goes. */
function away(clip: Clip, lead: Lead, motion: Motion, p: number, u: number, v: number): number {
  const x = columns(lead.clip, lead.frame, motion.u[p]!, (p % clip.width) + 0.5 + u)
  const y = Math.floor(p / clip.width) + 0.5 + v - motion.v[p]!
  return Math.sqrt(x * x + y * y)
}

/** What else the stored flow would be right for. */
async function happened(
  clip: Clip,
  frame: number,
  lead: Lead,
  { data }: Values,
  motion: Motion,
  limit: (p: number) => number,
): Promise<Story[]> {
  const { width } = clip
  const fits = (m: Motion, p: number, u: number, v: number) =>
    m.state[p] === NOWHERE || (m.state[p] === SHOWN && away(clip, lead, m, p, u, v) <= 4 * limit(p))
  const simple: Omit<Story, 'files'>[] = [
    { name: 'its sign is flipped', holds: p => fits(motion, p, -data[2 * p]!, -data[2 * p + 1]!) },
    { name: 'its axes are exchanged', holds: p => fits(motion, p, data[2 * p + 1]!, data[2 * p]!) },
    { name: 'its axes are exchanged and its sign is flipped', holds: p => fits(motion, p, -data[2 * p + 1]!, -data[2 * p]!) },
    { name: 'its right and left are exchanged', holds: p => fits(motion, p, -data[2 * p]!, data[2 * p + 1]!) },
    { name: 'its up and down are exchanged', holds: p => fits(motion, p, data[2 * p]!, -data[2 * p + 1]!) },
    { name: 'it is zero', holds: p => data[2 * p] === 0 && data[2 * p + 1] === 0 },
    ...[2, 0.5, width, 1 / width].map(s => ({
      name: `it is ${s > 1 ? s : `1/${1 / s}`} times as long as it should be`,
      holds: (p: number) => fits(motion, p, data[2 * p]! / s, data[2 * p + 1]! / s),
    })),
  ]
  const moved: Omit<Story, 'files'>[] = [
    ['right', -1, 0],
    ['left', 1, 0],
    ['down', 0, -1],
    ['up', 0, 1],
  ].flatMap(([side, dx, dy]) => {
    const step = (dy as number) * width + (dx as number)
    const flowAt = (p: number) => [motion.u[p]! - (p % width) - 0.5, motion.v[p]! - Math.floor(p / width) - 0.5] as const
    const near = (p: number, share: number) => {
      const [a, b] = [flowAt(p), flowAt(p + step)]
      const [x, y] = [0, 1].map(k => a[k]! * (1 - share) + b[k]! * share - data[2 * p + k]!)
      return Math.sqrt(x! * x! + y! * y!) <= 4 * limit(p)
    }
    return [
      { name: `it is moved half a pixel ${side}`, holds: (p: number) => near(p, 0.5) },
      { name: `it is moved a pixel ${side}`, holds: (p: number) => near(p, 1) },
    ]
  })
  const others: Omit<Story, 'files'>[] = []
  for (const from of [frame - 1, frame + 1]) {
    const theirs = from >= 0 && from < clip.frames ? await lead.predict(from) : undefined
    if (theirs) others.push({ name: `it is frame ${from}’s`, holds: p => fits(theirs, p, data[2 * p]!, data[2 * p + 1]!) })
  }
  return [...simple, ...others, ...moved].map(story => ({ ...story, files: [clip.file(lead.layer, frame)] }))
}
