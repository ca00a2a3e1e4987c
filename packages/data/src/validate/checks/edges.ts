import { filmed } from '../carried.ts'
import { type GeometryCheck, type Judgement, show } from '../check.ts'
import type { Clip, Values } from '../clip.ts'
import { foreign } from '../foreign.ts'
import { objectsOf } from '../outline.ts'
import { Errors } from '../report.ts'
import { Mean, MeanOfRuns } from '../sampling.ts'

/** Pictures that step where segmentation does, and the least step (root of summed squares, physical units) that counts. */
const LAYERS: Readonly<Record<string, number>> = { rgb: 0.1, 'rgb-linear': 0.05 }
/** Offset that all frames share, `Offset.behind` that must go with it, and how many standard errors it must be. */
const OFFSET = 0.2
const BEHIND = 0.08
const SIGMA = 4
/** Offset against the neighbour frames that is too much for a change of light. */
const JUMP = 0.17
const ENOUGH = 25
const RUNS = 12
/** Offset that half a pixel of shift gives, where contrasts are free of noise. */
const HALF = 0.3

export const edges: GeometryCheck = {
  name: 'edges',
  definition:
    'steps of colour stand where segmentation steps: at an outline the pixel before and the pixel after are touched alike by the other side, and outlines of this frame show more than those of its neighbours',
  unit: 'px',
  async judge(clip, frame) {
    const out: Judgement[] = []
    const seg = await clip.values('segmentation', frame)
    if (!seg) return out
    for await (const [name, layer] of clip.present(frame, Object.keys(LAYERS))) {
      const compared = clip.files(frame, name, 'segmentation')
      const errors = new Errors()
      let message: string | undefined
      for (const axis of ['columns', 'rows'] as const) {
        const s = await offsetAt(clip, name, frame, axis)
        if (!s) continue
        errors.add(s.mean)
        const usual = await neighbours(clip, name, frame, axis)
        if (
          usual &&
          Math.abs(s.mean - usual.mean) > JUMP &&
          Math.abs(s.mean - usual.mean) > SIGMA * Math.sqrt(s.error * s.error + usual.error * usual.error)
        )
          message ??= `${name} is moved by about ${show(s.mean - usual.mean)} ${axis} against its neighbour frames, judged by the outlines of segmentation (${s.n} pixels tell)`
      }
      message ??= await showsOtherFrame(clip, frame, layer, name)
      if (errors.count > 0 || message) out.push({ compared, errors, message })
      if (frame === clip.frames - 1) out.push(...(await wholeClip(clip, name)))
    }
    return out
  },
}

/** A shift that all frames share: medians over the clip of two estimates that light deceives in different ways must agree on it. */
async function wholeClip(clip: Clip, name: string): Promise<readonly Judgement[]> {
  const errors = new Errors()
  let message: string | undefined
  let blind = 0
  for (const axis of ['columns', 'rows'] as const) {
    const found: Offset[] = []
    for (let f = 0; f < clip.frames; f++) found.push(...[await offsetAt(clip, name, f, axis)].filter(o => o !== undefined))
    if (found.length === 0) {
      blind++
      continue
    }
    const middle = (values: number[]) => values.sort((x, y) => x - y)[values.length >> 1]!
    const both = middle(found.map(o => o.mean))
    const behind = middle(found.map(o => o.behind))
    const error = middle(found.map(o => o.error))
    const shown = HALF * middle(found.map(o => o.reliability))
    if (shown < Math.max(JUMP, SIGMA * error)) blind++
    errors.add(both)
    if (Math.abs(both) > OFFSET && both * behind < 0 && Math.abs(behind) > BEHIND && Math.abs(both) > SIGMA * error)
      message ??= `${name} is moved by about ${show(both)} ${axis} against the outlines of segmentation in all frames (${found.reduce((n, o) => n + o.n, 0)} outline pixels tell)`
  }
  const files = Array.from({ length: clip.frames }, (_, f) => clip.file(name, f))
  const note = `${name} is too noisy, or its outlines are too few, to see that it is moved by half a pixel`
  return errors.count > 0 || blind > 0 ? [{ compared: files, errors, message, ...(blind > 0 && !message ? { note } : {}) }] : []
}

const offsetAt = (clip: Clip, name: string, frame: number, axis: 'columns' | 'rows'): Promise<Offset | undefined> =>
  clip.note(`offset ${name} ${frame} ${axis}`, async () => {
    const layer = await clip.values(name, frame)
    const seg = await clip.values('segmentation', frame)
    if (!layer || !seg) return undefined
    const depth = await clip.values('depth', frame)
    const offset = outlineOffset(clip, layer, seg, depth, axis === 'columns' ? 1 : clip.width, LAYERS[name]!)
    if (!offset || !depth) return offset
    const [dx, dy] = axis === 'columns' ? ([1, 0] as const) : ([0, 1] as const)
    const behind =
      foreign(clip, layer, seg, depth, dx, dy, LAYERS[name]!).mean - foreign(clip, layer, seg, depth, -dx, -dy, LAYERS[name]!).mean
    return { ...offset, behind }
  })

/** The median offset of up to four neighbours in a film: light is uneven alike there. */
async function neighbours(
  clip: Clip,
  name: string,
  frame: number,
  axis: 'columns' | 'rows',
): Promise<{ mean: number; error: number } | undefined> {
  const found: Offset[] = []
  for (const side of [-1, 1]) {
    for (const d of [side, 2 * side]) {
      if (!(await filmed(clip, Math.min(frame + d, frame + d - side)))) break
      const o = await offsetAt(clip, name, frame + d, axis)
      if (o) found.push(o)
    }
  }
  if (found.length < 2) return undefined
  found.sort((a, b) => a.mean - b.mean)
  const [low, high] = [found[(found.length - 1) >> 1]!, found[found.length >> 1]!]
  return { mean: (low.mean + high.mean) / 2, error: Math.max(low.error, high.error) / 1.5 }
}

/**
 * Mean of (share of the other side in the pixel after) − (share in the pixel before), weighted by contrast; outlines of left and of right sides weigh
 * the same, so that limbs that darken alike cancel. About 0.6 a pixel of shift.
 */
export function outlineOffset(
  clip: Clip,
  layer: Values,
  seg: Values,
  depth: Values | undefined,
  step: number,
  least: number,
): Offset | undefined {
  const { channels, data } = layer
  const sides = [new MeanOfRuns(), new MeanOfRuns()] as const
  // Where an outline runs straight along pixels, it lies at one place within them: what that makes of their shares is one error, not many.
  const runs = new Int32Array(clip.width * clip.height)
  let last = 0
  const across = step === 1 ? clip.width : 1
  let [alike, square] = [0, 0]
  const n = clip.width * clip.height
  const objects = objectsOf(clip)
  for (let p = step; p + 2 * step < n; p++) {
    if (step === 1 && (p % clip.width === 0 || p % clip.width > clip.width - 3)) continue
    const a2 = p - step
    const b = p + step
    const b2 = b + step
    if (seg.data[a2] !== seg.data[p] || seg.data[b] !== seg.data[b2] || seg.data[p] === seg.data[b]) continue
    if (!objects.has(seg.data[p]!) && !objects.has(seg.data[b]!)) continue
    const q0 = p - across
    const straight = q0 >= step && runs[q0]! > 0 && seg.data[q0] === seg.data[p] && seg.data[q0 + step] === seg.data[b]
    runs[p] = straight ? runs[q0]! : ++last
    let c2 = 0
    let before = 0
    let after = 0
    let beside = 0
    const q = p + across
    const goesOn = q + 2 * step < n && seg.data[q] === seg.data[p] && seg.data[q + step] === seg.data[b]
    for (let c = 0; c < channels; c++) {
      const contrast = data[b2 * channels + c]! - data[a2 * channels + c]!
      c2 += contrast * contrast
      if (goesOn) beside += contrast * (data[(b2 + across) * channels + c]! - data[(a2 + across) * channels + c]!)
      before += (data[p * channels + c]! - data[a2 * channels + c]!) * contrast
      after += (data[b2 * channels + c]! - data[b * channels + c]!) * contrast
    }
    if (!(c2 >= least * least)) continue
    if (goesOn) {
      alike += beside
      square += c2
    }
    before /= c2
    after /= c2
    if (Math.abs(before) > 1.2 || Math.abs(after) > 1.2) continue
    const nearer = depth ? depth.data[p]! < depth.data[b]! : true
    sides[nearer ? 0 : 1].add(after - before, Math.min(c2, 16 * least * least), runs[p]!)
  }
  const [x, y] = sides
  if (x.n < ENOUGH || y.n < ENOUGH || x.runs < RUNS || y.runs < RUNS) return undefined
  return {
    behind: 0,
    reliability: Math.min(1, Math.max(0, alike / (square || 1))),
    mean: (x.mean + y.mean) / 2,
    error: Math.sqrt(x.error * x.error + y.error * y.error) / 2,
    n: x.n + y.n,
  }
}

export interface Offset {
  /** Share of the nearer side in pixels behind outlines, before minus after: about −0.5 a pixel of shift. */
  readonly behind: number
  /** Contrast at an outline times that one pixel along it, over its square: what noise leaves of a contrast, and so of an offset. */
  readonly reliability: number
  readonly mean: number
  readonly error: number
  readonly n: number
}

/** Whether outlines that only a neighbouring frame has show more in the layer than those that only this frame has. */
export async function showsOtherFrame(clip: Clip, frame: number, layer: Values, name: string): Promise<string | undefined> {
  const own = await clip.values('segmentation', frame)
  for (const other of [frame - 1, frame + 1]) {
    const theirs = await clip.values('segmentation', other)
    if (!own || !theirs) continue
    const mine = new Mean()
    const yours = new Mean()
    for (const step of [1, clip.width]) {
      for (let p = 0; p + step < own.data.length; p++) {
        if (step === 1 && p % clip.width === clip.width - 1) continue
        const here = own.data[p] !== own.data[p + step]
        if (here === (theirs.data[p] !== theirs.data[p + step])) continue
        let d = 0
        for (let c = 0; c < layer.channels; c++)
          d += Math.abs(layer.data[p * layer.channels + c]! - layer.data[(p + step) * layer.channels + c]!)
        ;(here ? mine : yours).add(d)
      }
    }
    const ex = mine.error(2)
    const ey = yours.error(2)
    if (mine.n >= 20 && yours.n >= 20 && yours.mean > 1.3 * mine.mean && yours.mean - mine.mean > SIGMA * Math.sqrt(ex * ex + ey * ey))
      return `${name} of frame ${frame} shows the outlines of frame ${other}, not its own (${mine.n + yours.n} outline pixels tell)`
  }
  return undefined
}
