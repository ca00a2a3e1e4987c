/** The greedy recipe (Wortsman et al. 2022, "Model soups", recipe 1), for soups and for ensembles. */
import { SoupError } from '../error.ts'

/** When a candidate joins: it is as good as the best so far (`ge`, the paper), or better (`gt`, its reference code). */
export type Acceptance = 'ge' | 'gt'

export interface GreedyStep {
  readonly ingredient: number
  /** Held-out score of the members so far and this one. */
  readonly score: number
  readonly accepted: boolean
}

export interface GreedyResult {
  /** In the order of acceptance. */
  readonly members: readonly number[]
  readonly score: number
  /** One an ingredient, in decreasing order of its own score. */
  readonly steps: readonly GreedyStep[]
}

/** Places in decreasing order of scores; among equals the earlier comes first. @throws SoupError for scores that are no numbers */
export function decreasing(scores: readonly number[]): number[] {
  const bad = scores.findIndex(Number.isNaN)
  if (bad >= 0) throw new SoupError(`the score of ingredient ${bad} is NaN`)
  return scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b)
}

/**
 * Takes ingredients in decreasing order of their held-out scores (higher is better) and keeps each with which the whole is not worse. So the
 * result is never below the best ingredient on what the scores were measured on.
 *
 * @param evaluate the score of some members together; not asked of the first alone, whose score is known
 */
export async function greedy(
  scores: readonly number[],
  evaluate: (members: readonly number[]) => number | Promise<number>,
  accept: Acceptance = 'ge',
): Promise<GreedyResult> {
  const [first, ...rest] = decreasing(scores)
  if (first === undefined) throw new SoupError('a soup needs at least one ingredient')
  let members: readonly number[] = [first]
  let best = scores[first]!
  const steps: GreedyStep[] = [{ ingredient: first, score: best, accepted: true }]
  for (const ingredient of rest) {
    const score = await evaluate([...members, ingredient])
    const accepted = accept === 'ge' ? score >= best : score > best
    steps.push({ ingredient, score, accepted })
    if (!accepted) continue
    members = [...members, ingredient]
    best = score
  }
  return { members, score: best, steps }
}
