/** Where a loss over learning rates has its least, and how that place moves with width. */
import { uniforms } from '@dioramic/learn/theory'
import type { Key } from '@dioramic/tensor'

/** Base-2 logarithm of the best rate: the least of the parabola through the five rates around the best of the grid (three at least, at its ends), held to their range. */
export function bestRate(logRates: readonly number[], losses: readonly number[]): number {
  const at = losses.indexOf(Math.min(...losses))
  const near = logRates.map((_, i) => i).filter(i => Math.abs(i - at) <= 2 && losses[i]! < 2 * losses[at]! + 1e-9)
  const [low, high] = [logRates[near[0]!]!, logRates[near.at(-1)!]!]
  if (near.length < 3) return logRates[at]!
  // Least squares of c + b·u + a·u², u from the best rate of the grid.
  const u = near.map(i => logRates[i]! - logRates[at]!)
  const s = (f: (u: number, y: number) => number) => u.reduce((sum, v, k) => sum + f(v, losses[near[k]!]!), 0)
  const [n, s1, s2, s3, s4] = [u.length, s(v => v), s(v => v * v), s(v => v ** 3), s(v => v ** 4)]
  const [y0, y1, y2] = [s((_, y) => y), s((v, y) => v * y), s((v, y) => v * v * y)]
  const det = (m: readonly (readonly [number, number, number])[]) => {
    const [[a, b, c], [d, e, f], [g, h, i]] = m as [[number, number, number], [number, number, number], [number, number, number]]
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
  }
  const all = det([
    [n, s1, s2],
    [s1, s2, s3],
    [s2, s3, s4],
  ])
  const linear =
    det([
      [n, y0, s2],
      [s1, y1, s3],
      [s2, y2, s4],
    ]) / all
  const square =
    det([
      [n, s1, y0],
      [s1, s2, y1],
      [s2, s3, y2],
    ]) / all
  return square <= 0 ? logRates[at]! : Math.min(high, Math.max(low, logRates[at]! - linear / (2 * square)))
}

/** Losses by width, then seed, then rate. */
export type Losses = readonly (readonly (readonly number[])[])[]

const meanOver = (rows: readonly (readonly number[])[]): number[] =>
  rows[0]!.map((_, i) => rows.reduce((s, r) => s + r[i]!, 0) / rows.length)

/** Octaves that the best rate moves when the width doubles: the slope of log₂ rate over log₂ width, of the means of the seeds. */
export function driftOf(widths: readonly number[], logRates: readonly number[], losses: Losses): number {
  const x = widths.map(w => Math.log2(w))
  const y = losses.map(seeds => bestRate(logRates, meanOver(seeds)))
  const [mx, my] = [x, y].map(v => v.reduce((a, b) => a + b, 0) / v.length) as [number, number]
  return x.reduce((s, v, i) => s + (v - mx) * (y[i]! - my), 0) / x.reduce((s, v) => s + (v - mx) ** 2, 0)
}

/** The drift with the 95 % range of its bootstrap: seeds drawn again with replacement, the same at all widths. */
export function bootstrappedDrift(
  widths: readonly number[],
  logRates: readonly number[],
  losses: Losses,
  key: Key,
  draws = 1000,
): { readonly value: number; readonly interval: readonly [number, number] } {
  const seeds = losses[0]!.length
  const drifts = Array.from({ length: draws }, (_, i) => {
    const picked = Array.from(uniforms(key.fork(i), seeds), u => Math.floor(u * seeds))
    return driftOf(
      widths,
      logRates,
      losses.map(own => picked.map(k => own[k]!)),
    )
  }).sort((a, b) => a - b)
  const at = (share: number) => drifts[Math.min(draws - 1, Math.floor(share * draws))]!
  return { value: driftOf(widths, logRates, losses), interval: [at(0.025), at(0.975)] }
}
