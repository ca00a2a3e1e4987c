/** Logits of classifiers on a labelled set: ensembles of them, their accuracy, loss and temperature. */
import { SoupError } from '../error.ts'

/** [rows, classes] in row-major order. */
export type Logits = Float64Array

/** The logit ensemble: the mean of logits, not of probabilities (Wortsman et al. 2022). */
export function meanLogits(list: readonly Logits[]): Logits {
  const sum = new Float64Array(list[0]!.length)
  for (const l of list) for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + l[i]!
  return sum.map(v => v / list.length)
}

/** Share of rows whose largest logit is that of the label; of equal logits the first counts. */
export function accuracyOf(logits: Logits, labels: ArrayLike<number>): number {
  const classes = classesOf(logits, labels)
  let right = 0
  for (let i = 0; i < labels.length; i++) {
    let top = 0
    for (let c = 1; c < classes; c++) if (logits[i * classes + c]! > logits[i * classes + top]!) top = c
    if (top === labels[i]) right++
  }
  return right / labels.length
}

/** Mean cross-entropy of softmax(β·logits), nats. */
export function lossOf(logits: Logits, labels: ArrayLike<number>, beta = 1): number {
  const classes = classesOf(logits, labels)
  let sum = 0
  for (let i = 0; i < labels.length; i++) sum -= logProbabilities(logits, i, classes, beta)[labels[i]!]!
  return sum / labels.length
}

/** log softmax(β·row). */
function logProbabilities(logits: Logits, row: number, classes: number, beta: number): Float64Array {
  const z = logits.slice(row * classes, (row + 1) * classes).map(v => beta * v)
  const top = z.reduce((a, b) => Math.max(a, b))
  const log = top + Math.log(z.reduce((s, v) => s + Math.exp(v - top), 0))
  return z.map(v => v - log)
}

const WIDEST = 1e3

/**
 * The inverse temperature β that minimises `lossOf` (Guo et al. 2017, "On calibration"): the loss is convex in β, so its derivative is
 * bisected. Between 1/1000 and 1000: a set without errors has no finite one.
 */
export function calibration(logits: Logits, labels: ArrayLike<number>): number {
  const classes = classesOf(logits, labels)
  const slope = (beta: number): number => {
    let sum = 0
    for (let i = 0; i < labels.length; i++) {
      const p = logProbabilities(logits, i, classes, beta)
      for (let c = 0; c < classes; c++) sum += Math.exp(p[c]!) * logits[i * classes + c]!
      sum -= logits[i * classes + labels[i]!]!
    }
    return sum
  }
  let [low, high] = [1 / WIDEST, WIDEST]
  for (let k = 0; k < 60; k++) {
    const middle = Math.sqrt(low * high)
    if (slope(middle) < 0) low = middle
    else high = middle
  }
  return Math.sqrt(low * high)
}

/**
 * The calibrated ensemble (Kumar et al. 2022, "Calibrated ensembles"): each member's temperature is set on held-out data, then probabilities are averaged.
 * Gives log-probabilities, which are logits too.
 */
export function calibratedEnsemble(list: readonly Logits[], betas: readonly number[], classes: number): Logits {
  const out = new Float64Array(list[0]!.length)
  for (let row = 0; row < out.length / classes; row++) {
    for (const [j, l] of list.entries()) {
      const p = logProbabilities(l, row, classes, betas[j]!)
      for (let c = 0; c < classes; c++) out[row * classes + c] = out[row * classes + c]! + Math.exp(p[c]!) / list.length
    }
  }
  return out.map(Math.log)
}

function classesOf(logits: Logits, labels: ArrayLike<number>): number {
  const classes = logits.length / labels.length
  if (!Number.isInteger(classes) || classes < 2)
    throw new SoupError(`${logits.length} logits for ${labels.length} labels make no classifier`)
  return classes
}
