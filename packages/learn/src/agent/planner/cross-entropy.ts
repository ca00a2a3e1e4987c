/** Decision-time planning in boxes of actions: model predictive control by the cross-entropy method. */
import type { Planner, Space, TransitionModel, Vector } from '../contracts.ts'
import type { Draws } from '../draws.ts'
import { AgentError } from '../error.ts'

export interface CrossEntropyParts {
  readonly model: TransitionModel<Vector, Vector>
  readonly actions: Space
  readonly discount: number
  /** Steps ahead. Default 12. */
  readonly horizon?: number
  /** Sequences a round, and those that shape the next. Defaults 64 and 8. */
  readonly samples?: number
  readonly elites?: number
  /** Default 3. */
  readonly rounds?: number
  /** Worth of the states at the end of the search; by default nothing. */
  readonly value?: (states: readonly Vector[]) => Promise<Vector> | Vector
}

/**
 * Sequences of actions are drawn from normals, imagined by the model, and the normals moved to the best of them (Rubinstein 1999; Chua et al. 2018). The plan of the step before,
 * shifted by one, is where the next search begins. Until the model has learned anything this is but a search in the dark, so explore first.
 */
export function crossEntropy(parts: CrossEntropyParts): Planner<Vector, Float64Array> {
  const { model, actions, discount, horizon = 12, samples = 64, elites = 8, rounds = 3, value } = parts
  if (actions.type !== 'box') throw new AgentError('crossEntropy plans in boxes; for countable actions use lookAhead')
  const { low, high } = actions
  const n = low.length
  const middle = low.map((l, i) => (l + high[i]!) / 2)
  const width = low.map((l, i) => (high[i]! - l) / 2)
  let plan: Float64Array | null = null

  const rollout = async (state: Vector, sequences: readonly Float64Array[]): Promise<Float64Array> => {
    const total = new Float64Array(samples)
    let states: readonly Vector[] = sequences.map(() => state)
    let weight = 1
    for (let t = 0; t < horizon; t++, weight *= discount) {
      const outcomes = await model.predict(
        states,
        sequences.map(u => u.subarray(t * n, (t + 1) * n)),
      )
      for (const [k, o] of outcomes.entries()) total[k]! += weight * o.reward
      states = outcomes.map(o => o.next)
    }
    if (value) {
      const ends = await value(states)
      for (let k = 0; k < samples; k++) total[k]! += weight * ends[k]!
    }
    return total
  }

  return {
    async decide(state: Vector, draws: Draws) {
      const mean = Float64Array.from({ length: horizon * n }, (_, i) => plan?.[i + n] ?? middle[i % n]!)
      const sigma = Float64Array.from(mean, (_, i) => width[i % n]! * 0.6)
      for (let round = 0; round < rounds; round++) {
        const sequences = Array.from({ length: samples }, () =>
          Float64Array.from(mean, (m, i) => Math.min(high[i % n]!, Math.max(low[i % n]!, m + sigma[i]! * draws.normal()))),
        )
        const worth = await rollout(state, sequences)
        const best = [...worth.keys()].sort((a, b) => worth[b]! - worth[a]! || a - b).slice(0, elites)
        for (let i = 0; i < mean.length; i++) {
          const m = best.reduce((sum, k) => sum + sequences[k]![i]!, 0) / elites
          const v = best.reduce((sum, k) => sum + (sequences[k]![i]! - m) ** 2, 0) / elites
          mean[i] = m
          sigma[i] = Math.max(0.05 * width[i % n]!, Math.sqrt(v))
        }
      }
      plan = mean
      return mean.slice(0, n)
    },
  }
}
