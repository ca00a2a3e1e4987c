/** How good predictions are, with intervals by the bootstrap (Efron 1979). */
import { drawPermutation, fillUniform, type Key } from '@dioramic/tensor'
import { argMaxOf } from '../theory/generalisation/calibration.ts'
import type { Outputs } from './train.ts'

export interface Metric {
  readonly name: string
  readonly value: number
  /** 95 %. */
  readonly interval: readonly [low: number, high: number]
  readonly better: 'higher' | 'lower'
}

/** Predictions beside the truth: raw numbers, or probabilities row after row and classes. */
export interface Judged {
  readonly outputs: Outputs
  readonly predictions: Float64Array
  readonly y: Float64Array
}

/** Metrics where row i counts `weight[i]` times, by name. `order` sorts the rows of a two-class problem by the second class's probability. */
function measured({ outputs, predictions: p, y }: Judged, weight: ArrayLike<number>, order: Uint32Array): Record<string, number> {
  const n = y.length
  let total = 0
  for (let i = 0; i < n; i++) total += weight[i]!
  const mean = (f: (i: number) => number): number => {
    let s = 0
    for (let i = 0; i < n; i++) if (weight[i]! > 0) s += weight[i]! * f(i)
    return s / total
  }
  if (outputs.kind === 'regression') {
    const square = mean(i => (p[i]! - y[i]!) ** 2)
    const centre = mean(i => y[i]!)
    const spread = mean(i => (y[i]! - centre) ** 2)
    return { RMSE: Math.sqrt(square), MAE: mean(i => Math.abs(p[i]! - y[i]!)), 'R²': spread > 0 ? 1 - square / spread : Number.NaN }
  }
  const k = outputs.classes
  return {
    accuracy: mean(i => Number(argMaxOf(p.subarray(i * k, (i + 1) * k)) === y[i]!)),
    'log loss': mean(i => -Math.log(Math.max(p[i * k + y[i]!]!, 1e-15))),
    ...(k === 2 ? { AUC: areaUnderCurve(i => p[2 * i + 1]!, y, weight, order) } : {}),
  }
}

/** Rows by a score, ascending. */
export const orderBy = (n: number, score: (i: number) => number): Uint32Array =>
  Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => score(a) - score(b))

/** The chance that a row of class 1 scores above one of class 0, ties counted half (Mann & Whitney 1947); `order` sorts the rows by score. */
export function areaUnderCurve(score: (i: number) => number, y: Float64Array, weight: ArrayLike<number>, order: Uint32Array): number {
  let [above, negatives, positives] = [0, 0, 0]
  for (let i = 0; i < order.length; ) {
    let [ones, zeros] = [0, 0]
    const tie = score(order[i]!)
    for (; i < order.length && score(order[i]!) === tie; i++) {
      const row = order[i]!
      if (y[row] === 1) ones += weight[row]!
      else zeros += weight[row]!
    }
    above += ones * (negatives + zeros / 2)
    negatives += zeros
    positives += ones
  }
  return positives === 0 || negatives === 0 ? Number.NaN : above / (positives * negatives)
}

const HIGHER = new Set(['accuracy', 'AUC', 'R²'])

/** Metrics with 95 % intervals: percentiles over draws of the rows with repetition. */
export function metricsOf(j: Judged, key: Key, draws = 300): Metric[] {
  const n = j.y.length
  const order = j.outputs.kind === 'classes' && j.outputs.classes === 2 ? orderBy(n, i => j.predictions[2 * i + 1]!) : new Uint32Array()
  const all = measured(j, new Uint8Array(n).fill(1), order)
  const sampled = Array.from({ length: draws }, (_, d) => {
    const u = new Float32Array(n)
    fillUniform(u, key.fork(d).words)
    const weight = new Uint16Array(n)
    for (const v of u) weight[Math.min(n - 1, Math.floor(v * n))]!++
    return measured(j, weight, order)
  })
  return Object.entries(all).map(([name, value]) => {
    const sorted = sampled
      .map(s => s[name]!)
      .filter(Number.isFinite)
      .sort((a, b) => a - b)
    const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.round(q * (sorted.length - 1)))] ?? value
    return { name, value, interval: [at(0.025), at(0.975)] as const, better: HIGHER.has(name) ? ('higher' as const) : ('lower' as const) }
  })
}

/** The number that importance is measured by: mean squared error, or mean −ln p. */
export function lossAt({ outputs, predictions: p, y }: Judged): number {
  let sum = 0
  for (let i = 0; i < y.length; i++)
    sum += outputs.kind === 'regression' ? (p[i]! - y[i]!) ** 2 : -Math.log(Math.max(p[i * outputs.classes + y[i]!]!, 1e-15))
  return sum / y.length
}

export interface Importance {
  readonly name: string
  /** How much the loss rises when the column's fields are shuffled, as a share of the loss without any column's help; mean and 95 % interval over shuffles. */
  readonly value: number
  readonly interval: readonly [low: number, high: number]
}

/** Permutation importance (Breiman 2001) of columns of raw rows. */
export async function importanceOf(
  names: readonly string[],
  { x, width }: { readonly x: Float32Array; readonly width: number },
  y: Float64Array,
  outputs: Outputs,
  scale: number,
  predict: (x: Float32Array) => Promise<Float64Array>,
  key: Key,
  { repeats = 4, rows = 1000 } = {},
): Promise<Importance[]> {
  const n = Math.min(rows, y.length)
  const some = x.slice(0, n * width)
  const truth = y.slice(0, n)
  const loss = async (of: Float32Array) => lossAt({ outputs, predictions: await predict(of), y: truth })
  const base = await loss(some)
  const out: Importance[] = []
  for (const [c, name] of names.entries()) {
    const rises: number[] = []
    for (let r = 0; r < repeats; r++) {
      const order = drawPermutation(key.fork(name).fork(r).words, n)
      const shuffled = some.slice()
      for (let i = 0; i < n; i++) shuffled[i * width + c] = some[order[i]! * width + c]!
      rises.push(((await loss(shuffled)) - base) / scale)
    }
    const value = rises.reduce((a, b) => a + b, 0) / repeats
    const deviation = Math.sqrt(rises.reduce((s, v) => s + (v - value) ** 2, 0) / (repeats - 1))
    // Student's t with 3 degrees of freedom.
    const half = (3.182 * deviation) / Math.sqrt(repeats)
    out.push({ name, value, interval: [value - half, value + half] })
  }
  return out.sort((a, b) => b.value - a.value)
}
