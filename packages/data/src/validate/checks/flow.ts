import { type GeometryCheck, type Judgement, some, Tally } from '../check.ts'
import type { Clip } from '../clip.ts'
import { predictMotion } from '../motion.ts'

/** Flow layers of a clip, and how many frames on each leads. */
export function flowsOf(clip: Clip, frame: number): readonly (readonly [layer: string, step: number])[] {
  const neighbours = [
    ['flow-forward', 1],
    ['flow-backward', -1],
  ] as const
  const others = clip.reader.layers.flatMap(({ name }) => {
    const target = /^flow-to-(\d+)$/.exec(name)?.[1]
    return target === undefined ? [] : [[name, Number(target) - frame] as const]
  })
  return [...neighbours, ...others]
}

/** Pixels that f64 arithmetic in another order may differ by, beyond what f32 depth explains. */
const BASE = 2e-4

export const flow: GeometryCheck = {
  name: 'flow',
  definition: 'flow is the projection of the unprojected point, carried by its object, through the camera of the other frame',
  unit: 'px',
  async judge(clip, frame) {
    const out: Judgement[] = []
    for (const [layer, step] of flowsOf(clip, frame)) out.push(...(await one(clip, frame, layer, step)))
    return out
  },
}

async function one(clip: Clip, frame: number, layer: string, step: number): Promise<readonly Judgement[]> {
  const stored = await clip.values(layer, frame)
  const mask = await clip.values(`${layer}-mask`, frame)
  const motion = stored && (await predictMotion(clip, frame, step))
  if (!stored || !motion) return []
  const tally = new Tally()
  for (let p = 0; p < stored.data.length / 2; p++) {
    const u = stored.data[2 * p]!
    const v = stored.data[2 * p + 1]!
    if (mask && mask.data[p]! & 4) {
      tally.add(p, Math.abs(u) + Math.abs(v), 0)
      continue
    }
    const eu = motion.u[p]! - (p % clip.width) - 0.5
    const ev = motion.v[p]! - Math.floor(p / clip.width) - 0.5
    if (Number.isNaN(eu)) continue
    const dx = u - eu
    const dy = v - ev
    tally.add(p, Math.sqrt(dx * dx + dy * dy), BASE + 8 * motion.blur[p]! + 2e-7 * (Math.abs(eu) + Math.abs(ev)))
  }
  const compared = [clip.file(layer, frame), clip.file('depth', frame), clip.file('segmentation', frame), clip.record]
  return some(tally.judge(compared, clip.width, 'px'))
}
