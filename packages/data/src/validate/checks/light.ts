import { type GeometryCheck, type Judgement, type Story, show, some, Tally } from '../check.ts'
import type { Values } from '../clip.ts'

/** Two ways to part the same light. */
const SUMS = [
  ['light-emission', 'light-diffuse', 'light-specular'],
  ['light-emission', 'light-direct', 'light-indirect'],
] as const
/** The largest half float, at which brighter light is cut off. */
const HALF_MAX = 65504
/** Each number rounded to a half float (2⁻¹¹ of it), and the filter's own rounding. */
const RELATIVE = 1.02 / 2048
const LEAST = 2.5e-7
/** Rays of a pixel go at most this far around its centre; pixels with things thinner than a pixel in them. */
const AROUND = [-2, -1, 0, 1, 2].flatMap(j => [-2, -1, 0, 1, 2].map(i => [i, j] as const))
const THIN = 3

export const light: GeometryCheck = {
  name: 'light',
  definition:
    'emission, diffuse and specular light add up to rgb-linear, and so do emission, direct and indirect light, to half floats; shadow is a share, 0 where no surface is near',
  unit: 'W/(m² sr)',
  async judge(clip, frame) {
    const out: Judgement[] = []
    const whole = await clip.values('rgb-linear', frame)
    for (const names of SUMS) {
      const parts = await clip.together(frame, ...names)
      if (!whole || !parts) continue
      const tally = new Tally()
      const excess = new Float64Array(whole.data.length)
      const limit = (i: number) => RELATIVE * parts.reduce((a, part) => a + Math.abs(part.data[i]!), Math.abs(whole.data[i]!)) + 4 * LEAST
      for (let i = 0; i < whole.data.length; i++) {
        // Past what a half float holds there is nothing to add up.
        if (!(Math.abs(whole.data[i]!) < HALF_MAX)) continue
        excess[i] = parts.reduce((a, part) => a + part.data[i]!, -whole.data[i]!)
        tally.add(Math.floor(i / 3), Math.abs(excess[i]!), limit(i))
      }
      const stories = names.map((name, k) => scaled(clip.file(name, frame), name, parts[k]!, excess, tally.failing, limit))
      out.push(...some(tally.judge(clip.files(frame, ...names, 'rgb-linear'), clip.width, this.unit, 0, stories)))
    }
    const shadow = await clip.values('shadow', frame)
    const seg = await clip.values('segmentation', frame)
    if (shadow && seg) {
      const { width, height } = clip
      const [share, nothing] = [new Tally(), new Tally()]
      for (let p = 0; p < seg.data.length; p++) {
        const s = shadow.data[p]!
        share.add(p, Math.max(-s, s - 1, 0), 0)
        const [x, y] = [p % width, Math.floor(p / width)]
        const sky = x > 1 && y > 1 && x < width - 2 && y < height - 2 && AROUND.every(([i, j]) => seg.data[p + j * width + i] === 0)
        if (sky) nothing.add(p, Math.abs(s), 0)
      }
      out.push(
        ...some(share.judge(clip.files(frame, 'shadow'), width, '1')),
        ...some(nothing.judge(clip.files(frame, 'shadow', 'segmentation'), width, '1', THIN)),
      )
    }
    return out
  },
}

/** One part is brighter than it should be by the same factor everywhere: what is too much is a share of it. */
function scaled(
  file: string,
  name: string,
  part: Values,
  excess: Float64Array,
  failing: readonly number[],
  limit: (i: number) => number,
): Story {
  const shares = failing.map(p => excess[3 * p + 1]! / part.data[3 * p + 1]!).sort((a, b) => a - b)
  const share = shares[shares.length >> 1] ?? 0
  return {
    name: `${name} is ${show(1 / (1 - share))} times as bright as it should be`,
    files: [file],
    holds: p => [0, 1, 2].every(c => Math.abs(excess[3 * p + c]! - share * part.data[3 * p + c]!) <= 2 * limit(3 * p + c)),
  }
}
