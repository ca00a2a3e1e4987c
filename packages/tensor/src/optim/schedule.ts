/** Learning rates by step. A schedule is a function of the number of updates done before: nothing in it is remembered, so a run resumes where it was. */
import { TensorError } from '../error.ts'

/** Rate of update number `step`, 0 at first. */
export type Schedule = (step: number) => number

/** A number or a schedule, as a schedule. */
export const scheduleOf = (rate: number | Schedule): Schedule => (typeof rate === 'number' ? () => rate : rate)

/** The same rate throughout. */
export const constantRate = (rate: number): Schedule => scheduleOf(rate)

/** rate·(step + 1) / steps for the first `steps` updates, then `then` (a rate, or a schedule that starts there with its step 0). */
export function warmup(steps: number, then: number | Schedule): Schedule {
  whole('warmup: steps', steps, 0)
  const after = scheduleOf(then)
  return step => (step < steps ? (after(0) * (step + 1)) / steps : after(step - steps))
}

export interface DecayOptions {
  /** Updates of linear warm-up before. Default 0. */
  readonly warmup?: number
  /** The rate at the end. Default 0. */
  readonly final?: number
}

/** Half a cosine from `peak` to `final` over `steps` updates, warm-up included; `final` beyond (Loshchilov & Hutter, "SGDR", 2017). */
export function cosine(peak: number, steps: number, { warmup: up = 0, final = 0 }: DecayOptions = {}): Schedule {
  const n = rest('cosine', steps, up)
  return warmup(up, step => final + (peak - final) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, step / n))))
}

/** A straight line from `peak` to `final` over `steps` updates, warm-up included; `final` beyond. */
export function linearDecay(peak: number, steps: number, { warmup: up = 0, final = 0 }: DecayOptions = {}): Schedule {
  const n = rest('linearDecay', steps, up)
  return warmup(up, step => peak + (final - peak) * Math.min(1, step / n))
}

/** peak·√(warmup / (step + 1)) after `warmup` linear updates to `peak` (Vaswani et al. 2017). */
export function inverseSqrt(peak: number, up: number): Schedule {
  whole('inverseSqrt: warmup', up, 1)
  return step => peak * Math.min((step + 1) / up, Math.sqrt(up / (step + 1)))
}

export interface OneCycleOptions {
  /** Part of the steps that the rate rises. Default 0.3. */
  readonly rise?: number
  /** The first rate is peak / start. Default 25. */
  readonly start?: number
  /** The last rate is the first / final. Default 10,000. */
  readonly final?: number
}

/** Up from peak / `start` to `peak` and down to almost nothing, both along half a cosine, as PyTorch's OneCycleLR (Smith & Topin 2018). */
export function oneCycle(peak: number, steps: number, { rise = 0.3, start = 25, final = 10000 }: OneCycleOptions = {}): Schedule {
  whole('oneCycle: steps', steps, 2)
  const top = rise * steps - 1
  const low = peak / start
  const along = (from: number, to: number, x: number) => to + ((from - to) / 2) * (1 + Math.cos(Math.PI * Math.min(1, x)))
  return step => (step <= top ? along(low, peak, step / top) : along(peak, low / final, (step - top) / (steps - 1 - top)))
}

/** Rates from updates on: `piecewise([[0, 1e-3], [1000, 1e-4]])`. With `linear` the rate goes in straight lines between them. */
export function piecewise(
  points: readonly (readonly [from: number, rate: number])[],
  { linear = false }: { readonly linear?: boolean } = {},
): Schedule {
  if (points.length === 0 || points[0]![0] !== 0) throw new TensorError('piecewise: the first point is at update 0')
  points.forEach(([from], i) => {
    if (i > 0 && !(from > points[i - 1]![0]))
      throw new TensorError(`piecewise: the points are in order; ${from} follows ${points[i - 1]![0]}`)
  })
  return step => {
    const i = points.findLastIndex(([from]) => from <= step)
    const [from, rate] = points[i]!
    const next = points[i + 1]
    return linear && next ? rate + ((next[1] - rate) * (step - from)) / (next[0] - from) : rate
  }
}

function whole(what: string, n: number, least: number): void {
  if (!Number.isInteger(n) || n < least) throw new TensorError(`${what} is a whole number from ${least}, not ${n}`)
}

function rest(name: string, steps: number, up: number): number {
  whole(`${name}: steps`, steps, 1)
  whole(`${name}: warmup`, up, 0)
  if (up >= steps) throw new TensorError(`${name}: ${up} updates of warm-up leave nothing of ${steps}`)
  return steps - up
}
