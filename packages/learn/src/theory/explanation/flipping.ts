/** Pixel flipping: how well an order of relevance keeps the score when only the most relevant numbers are kept (Samek et al. 2017; the relevance ordering test). */
import { distortion } from './rate-distortion.ts'
import type { Inputs, Score } from './score.ts'

/** Indices, the largest value first (by modulus if `absolute`); of equals the lower first. */
export const ranking = (values: ArrayLike<number>, absolute = false): number[] =>
  Array.from(values, (v, i) => [absolute ? Math.abs(v) : v, i] as const)
    .sort((a, b) => b[0] - a[0] || a[1] - b[1])
    .map(p => p[1])

/** D(S_k) for each k: the k first of the order are kept, the rest drawn from V. */
export async function distortionCurve(
  score: Score,
  x: Float64Array,
  order: readonly number[],
  draws: Inputs,
  counts: readonly number[],
): Promise<number[]> {
  const out: number[] = []
  for (const k of counts) out.push(await distortion(score, x, new Set(order.slice(0, k)), draws))
  return out
}

/** Area under a curve over counts, in shares of the last count: less is better for distortion. */
export function area(counts: readonly number[], values: readonly number[]): number {
  let s = 0
  for (let i = 1; i < counts.length; i++) s += ((values[i]! + values[i - 1]!) / 2) * (counts[i]! - counts[i - 1]!)
  return s / (counts.at(-1)! - counts[0]!)
}
