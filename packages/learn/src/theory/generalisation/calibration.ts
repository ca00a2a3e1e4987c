/** What a classifier's probabilities are worth: confusion, and how far confidence is from accuracy. */
import { TheoryError } from '../algebra/matrix.ts'

/** Rows of probabilities or logits, one a sample. */
export type Rows = readonly ArrayLike<number>[]

export const softmaxRow = (logits: ArrayLike<number>): Float64Array => {
  const top = Array.from(logits).reduce((a, b) => Math.max(a, b), -Infinity)
  const e = Float64Array.from(logits, v => Math.exp(v - top))
  const sum = e.reduce((a, b) => a + b, 0)
  return e.map(v => v / sum)
}

/** Index of the largest, the first of equals. */
export function argMaxOf(row: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i
  return best
}

function check(rows: Rows, labels: ArrayLike<number>): void {
  if (rows.length !== labels.length || rows.length === 0) throw new TheoryError(`${rows.length} predictions for ${labels.length} labels`)
}

/** Share of rows whose largest entry is not the label's. */
export function errorRate(rows: Rows, labels: ArrayLike<number>): number {
  check(rows, labels)
  return rows.reduce((n, r, i) => n + (argMaxOf(r) === labels[i] ? 0 : 1), 0) / rows.length
}

/** [label][prediction] counts. */
export function confusion(rows: Rows, labels: ArrayLike<number>, classes: number): number[][] {
  check(rows, labels)
  const out = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  rows.forEach((r, i) => {
    out[labels[i]!]![argMaxOf(r)]!++
  })
  return out
}

export interface CalibrationBin {
  readonly confidence: number
  readonly accuracy: number
  readonly count: number
}

export interface Calibration {
  /** Σ |bin|/n · |accuracy − confidence| (Guo et al. 2017). */
  readonly ece: number
  /** The largest of the differences. */
  readonly mce: number
  /** Mean squared distance of probabilities to the one-hot label. */
  readonly brier: number
  /** Mean −ln p(label). */
  readonly nll: number
  readonly bins: readonly CalibrationBin[]
}

/** Calibration from probabilities, in bins of equal width of the confidence. Empty bins are left out. */
export function calibration(probabilities: Rows, labels: ArrayLike<number>, bins = 15): Calibration {
  check(probabilities, labels)
  const sums = Array.from({ length: bins }, () => ({ confidence: 0, right: 0, count: 0 }))
  let [brier, nll] = [0, 0]
  probabilities.forEach((p, i) => {
    const best = argMaxOf(p)
    const bin = sums[Math.min(bins - 1, Math.floor(p[best]! * bins))]!
    bin.confidence += p[best]!
    bin.right += best === labels[i] ? 1 : 0
    bin.count++
    nll -= Math.log(Math.max(p[labels[i]!]!, 1e-300))
    for (let k = 0; k < p.length; k++) brier += (p[k]! - (k === labels[i] ? 1 : 0)) ** 2
  })
  const n = probabilities.length
  const filled = sums
    .filter(s => s.count > 0)
    .map(s => ({ confidence: s.confidence / s.count, accuracy: s.right / s.count, count: s.count }))
  const gaps = filled.map(b => Math.abs(b.accuracy - b.confidence))
  return {
    ece: filled.reduce((s, b, i) => s + (b.count / n) * gaps[i]!, 0),
    mce: Math.max(...gaps),
    brier: brier / n,
    nll: nll / n,
    bins: filled,
  }
}

/** The temperature T that minimises the mean −ln softmax(logits/T) by golden section on ln T: what would calibrate the model by one number (Guo et al. 2017). */
export function bestTemperature(logits: Rows, labels: ArrayLike<number>): number {
  check(logits, labels)
  const loss = (u: number) => {
    const t = Math.exp(u)
    return logits.reduce((s, row, i) => s - Math.log(Math.max(softmaxRow(Float64Array.from(row, v => v / t))[labels[i]!]!, 1e-300)), 0)
  }
  const golden = (Math.sqrt(5) - 1) / 2
  let [a, b] = [Math.log(0.05), Math.log(20)]
  while (b - a > 1e-4) {
    const [c, d] = [b - golden * (b - a), a + golden * (b - a)]
    if (loss(c) < loss(d)) b = d
    else a = c
  }
  return Math.exp((a + b) / 2)
}
