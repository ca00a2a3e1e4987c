import { carriedTo, filmed } from '../carried.ts'
import { type GeometryCheck, type Judgement, show } from '../check.ts'
import type { Clip, Values } from '../clip.ts'
import { type Motion, predictMotion } from '../motion.ts'
import { Errors } from '../report.ts'
import { bilinear } from '../sampling.ts'
import { PICTURES } from '../steps.ts'

const BLOCK = 12
/** Share of the blocks that must have texture: on a plain floor only shadows are texture, and they move. */
const COVER = 0.6
/** Blocks with texture that it takes to judge, and the root mean square slope (of the mean brightness, a pixel) that is texture. */
const ENOUGH = 12
const TEXTURE = 0.015
/** Pixels: the median block must be beyond LIMIT, and SHARE of the blocks beyond SLIGHT to the same side. Shadows that move touch few blocks. */
const LIMIT = 0.25
const SLIGHT = 0.08
const SHARE = 0.75

export const registration: GeometryCheck = {
  name: 'registration',
  definition:
    'carried along the motion, the picture of a frame lies on that of the next: block by block, the least-squares shift (Lucas and Kanade 1981) has a median near 0',
  unit: 'px',
  async judge(clip, frame) {
    const out: Judgement[] = []
    const seg = await clip.values('segmentation', frame)
    const motion = frame + 1 < clip.frames ? await predictMotion(clip, frame, 1) : undefined
    const shown = motion && (await carriedTo(clip, frame, motion))
    if (!seg || !motion || !shown || !(await filmed(clip, frame))) return out
    for await (const [name, a, b, compared] of clip.pairs(frame, PICTURES)) {
      const errors = new Errors()
      let message: string | undefined
      for (const [axis, step] of [
        ['columns', 1],
        ['rows', clip.width],
      ] as const) {
        const { shifts, blocks } = blockShifts(clip, a, b, motion, shown, seg, step)
        if (shifts.length < ENOUGH || shifts.length < COVER * blocks) continue
        shifts.sort((x, y) => x - y)
        const median = shifts[shifts.length >> 1]!
        errors.add(median)
        const share = shifts.filter(s => (median < 0 ? s < -SLIGHT : s > SLIGHT)).length / shifts.length
        if (Math.abs(median) > LIMIT && share >= SHARE)
          message ??= `${name} of frames ${frame} and ${frame + 1} are moved by about ${show(median)} ${axis} against each other (${shifts.length} textured blocks tell)`
      }
      if (errors.count > 0) out.push({ compared, errors, message })
    }
    return out
  },
}

/**
 * For each textured block, the s in a(x) − b(x + motion) = s · slope. The slope is a central difference, which leaves out the pixel itself, so that noise
 * does not pull s to any side. Outlines, where two motions mix in a pixel, are left to `edges`.
 */
function blockShifts(
  clip: Clip,
  a: Values,
  b: Values,
  motion: Motion,
  shown: Uint8Array,
  seg: Values,
  step: number,
): { shifts: number[]; blocks: number } {
  const { width, height } = clip
  const { channels } = a
  const across = Math.ceil(width / BLOCK)
  const sums = new Map<number, { id: number; dot: number; norm: number; light: number; n: number }>()
  const there = new Float64Array(channels)
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const p = y * width + x
      if (shown[p] === 0 || !inside(seg, p) || !bilinear(b, motion.u[p]!, motion.v[p]!, there)) continue
      const key = Math.floor(y / BLOCK) * across + Math.floor(x / BLOCK)
      const sum = sums.get(key) ?? { id: seg.data[p]!, dot: 0, norm: 0, light: 0, n: 0 }
      sums.set(key, sum)
      for (let c = 0; c < channels; c++) {
        const slope = (a.data[(p + step) * channels + c]! - a.data[(p - step) * channels + c]!) / 2
        const value = a.data[p * channels + c]!
        sum.dot += (value - there[c]!) * slope
        sum.norm += slope * slope
        sum.light += value
      }
      sum.n += channels
    }
  }
  const seen = [...sums.values()].filter(s => s.n > (channels * BLOCK * BLOCK) / 2)
  const textured = seen.filter(({ norm, light, n }) => norm / n > (TEXTURE * light * TEXTURE * light) / (n * n))
  // What is textured on one thing alone may be what is mirrored in it.
  const ids = new Set(textured.map(s => s.id).filter(id => id > 0))
  const mirrored = ids.size === 1 && !clip.byId.get([...ids][0]!)?.isBackground
  return { shifts: mirrored ? [] : textured.map(s => s.dot / s.norm), blocks: seen.length }
}

/** Whether the pixels beside, above and below are of the same object. */
const inside = ({ data, width }: Values, p: number) =>
  data[p + 1] === data[p] && data[p - 1] === data[p] && data[p + width] === data[p] && data[p - width] === data[p]
