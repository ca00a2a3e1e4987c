import { type GeometryCheck, type Judgement, show } from '../check.ts'
import type { Clip } from '../clip.ts'
import { outlinesOf } from '../outline.ts'
import { type Ranking, Ranks } from '../ranks.ts'
import { Errors } from '../report.ts'
import { PICTURES, stepRanks } from '../steps.ts'

/** Ranks by which another place must suit better, and the same in standard errors. */
const MARGIN = 0.015
const SIGMA = 1
/** Labels whose rank is above those of other places by so many of their standard deviations belong, even if one of those happens to suit better: another straight edge. */
const STANDS_OUT = 2.5
/** Spread of the moved places' ranks, in standard errors, below which the picture is noise. */
const STRUCTURE = 2
/** Where all frames together suit by this much, one that is out by a quarter as much does not belong. */
const CLEAR = 0.08

/**
 * On clean sets of the worlds here, 1 to 64 samples a pixel, 64² to 256² pixels, 8 to 24 frames, denoised or not, the labels' own place leads by 0.04
 * or more, which is four standard errors or more (no alarm); where things fly before things, or lie along straight edges, some
 * other place may suit better by some thousandths; with the pictures of two clips exchanged some other place leads in 98 clips of 100.
 */
export const correspondence: GeometryCheck = {
  name: 'correspondence',
  definition:
    'the picture belongs to its labels: its steps of colour are greater where outlines and creases of objects lie than at the same outlines moved anywhere else',
  unit: 'rank',
  async judge(clip, frame) {
    const out: Judgement[] = []
    for (const name of PICTURES) {
      if (!clip.has(name)) continue
      const whole = await clip.note(`correspondence ${name}`, async () => ({
        ranks: new Ranks(clip),
        frames: [] as (Ranking | undefined)[],
      }))
      const own = new Ranks(clip)
      for (const axis of ['columns', 'rows'] as const) {
        const outlines = await outlinesOf(clip, frame, axis)
        const steps = await stepRanks(clip, name, frame, axis)
        if (outlines && steps) own.add(outlines, steps)
      }
      // Noise shows between blocks of one frame, better between frames: there it is not mixed with what is seen.
      whole.frames.push(own.judge())
      whole.ranks.merge(own, clip.frames > 1 ? frame & 1 : undefined)
      if (frame === clip.frames - 1) out.push(...verdicts(clip, name, whole.ranks.judge(), whole.frames))
    }
    return out
  },
}

function verdicts(clip: Clip, name: string, whole: Ranking | undefined, frames: readonly (Ranking | undefined)[]): Judgement[] {
  if (!whole) return []
  const errors = new Errors()
  errors.add(Math.max(0, whole.lead))
  const files = frames.map((_, f) => clip.file(name, f))
  const all = { compared: files, errors, message: undefined }
  const own = (whole.own - whole.mean) / whole.spread
  if (
    whole.spread < STRUCTURE * whole.error ||
    Math.abs(whole.lead) <= SIGMA * whole.error ||
    (whole.lead > 0 && (whole.lead <= MARGIN || own > STANDS_OUT))
  ) {
    const note = `${name} is too noisy, or its objects stand out too little, to tell whether it belongs to the labels: ${figures(whole)}`
    return [{ ...all, note }]
  }
  if (whole.lead > 0) return [{ ...all, message: `${name} is not a picture of what the labels show: ${figures(whole)}` }]
  const limit = -whole.lead / 4
  const strangers =
    -whole.lead < CLEAR ? [] : frames.map((r, f) => ({ r, f })).filter(({ r }) => r && r.lead > Math.max(limit, SIGMA * r.error))
  return [
    { ...all, compared: files.filter((_, f) => !strangers.some(s => s.f === f)) },
    ...strangers.map(({ r, f }) => ({
      compared: [files[f]!],
      frame: f,
      errors: new Errors(),
      message: `${name} of frame ${f} is not a picture of what its labels show, as other frames are: ${figures(r!)}`,
    })),
  ]
}

const figures = (r: Ranking) =>
  `its steps of colour have a mean rank of ${show(r.own)} at the ${r.n} outline pixels of segmentation and normals, ${show(r.best)} with the outlines moved by ${r.shift.join(', ')} px`
