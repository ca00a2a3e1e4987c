/** What an experiment says at its end: numbers with 95 % intervals, judged by thresholds that were written down before (targets.json). */
import { wilson } from '@dioramic/learn/report'

/** What must hold of a number: of the bound of its interval, so that chance alone seldom decides. */
export interface Target {
  readonly atLeast?: number
  readonly atMost?: number
}

/** A target of targets.json. */
export interface Goal extends Target {
  /** What the quick form claims instead; null: it has too few seeds or too small sizes to claim anything, and only reports. */
  readonly quick?: Target | null
}

/** A number that an experiment measured. */
export interface Measurement {
  readonly claim: string
  readonly value: number
  /** 95 %; both ends are the value where nothing is left to chance. */
  readonly interval: readonly [low: number, high: number]
}

/** A measurement beside its target; `holds` is null for a figure that is only reported. */
export interface Claim extends Measurement {
  readonly target: Target | null
  readonly holds: boolean | null
}

/** What `diorama lab run … --json FILE` writes. */
export interface Evidence {
  readonly name: string
  readonly command: string
  readonly version: string
  readonly machine: Readonly<Record<string, string | number>>
  /** Seeds of the part with the most. */
  readonly seeds: number
  readonly quick: boolean
  readonly seconds: number
  readonly claims: readonly Claim[]
}

/** 97.5 % points of Student's t by degrees of freedom, 1 … 30. */
const T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086,
  2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
]

export const meanOf = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length

/** A number without chance in it. */
export const exact = (claim: string, value: number): Measurement => ({ claim, value, interval: [value, value] })

/** The mean over seeds with Student's 95 % interval. Paired arms: give the differences. One seed has no interval but its value. */
export function mean(claim: string, values: readonly number[]): Measurement {
  const n = values.length
  const m = meanOf(values)
  if (n < 2) return exact(claim, m)
  const deviation = Math.sqrt(values.reduce((a, v) => a + (v - m) * (v - m), 0) / (n - 1))
  const half = ((T[n - 2] ?? 1.96 + 2.5 / (n - 1)) * deviation) / Math.sqrt(n)
  return { claim, value: m, interval: [m - half, m + half] }
}

/** The mean of each of some columns over seeds: claims and what each takes of a record. */
export const means = <R>(rows: readonly R[], columns: Readonly<Record<string, (row: R, seed: number) => number>>): Measurement[] =>
  Object.entries(columns).map(([claim, of]) => mean(claim, rows.map(of)))

/** a/b over pairs: ratios are skewed, so it is their logarithms that are averaged. */
export function ratioOfPairs(claim: string, a: readonly number[], b: readonly number[]): Measurement {
  const { value, interval } = mean(
    claim,
    a.map((v, i) => Math.log(v / b[i]!)),
  )
  return { claim, value: Math.exp(value), interval: [Math.exp(interval[0]), Math.exp(interval[1])] }
}

/** A share of trials with Wilson's 95 % interval. */
export const share = (claim: string, successes: number, trials: number): Measurement => ({
  claim,
  value: successes / trials,
  interval: wilson(successes, trials),
})

/** A measurement judged. */
export function judge(m: Measurement, goal: Goal | undefined, quick = false): Claim {
  const { quick: instead, ...full } = goal ?? {}
  const target = goal && quick && instead !== undefined ? instead : goal ? full : null
  if (!target) return { ...m, target: null, holds: null }
  const [low, high] = m.interval
  return { ...m, target, holds: low >= (target.atLeast ?? -Infinity) && high <= (target.atMost ?? Infinity) }
}

/** `≥ 0.95`, `−0.6 … −0.4`. */
export function targetText({ atLeast, atMost }: Target): string {
  if (atLeast !== undefined && atMost !== undefined) return atLeast === atMost ? `= ${atLeast}` : `${atLeast} … ${atMost}`
  return atLeast !== undefined ? `≥ ${atLeast}` : `≤ ${atMost}`
}

/** Four figures, and the interval where there is one. */
export function measurementText({ value, interval: [low, high] }: Measurement): string {
  const short = (x: number) => `${Number(x.toPrecision(4))}`
  return low === high ? short(value) : `${short(value)} [${short(low)}, ${short(high)}]`
}
