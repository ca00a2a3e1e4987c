import { after } from '../awaitable.ts'
import type { DiscreteActionValues, ReactivePolicy } from '../contracts.ts'
import { AgentError } from '../error.ts'

/** Acts by the values of actions: the best one, of equals any; with probability ε any of all. It learns as they do. */
export function greedy<S>(values: DiscreteActionValues<S>, epsilon = 0): ReactivePolicy<S, number> {
  if (!(epsilon >= 0 && epsilon <= 1)) throw new AgentError(`greedy: ε is a probability, not ${epsilon}`)
  return {
    sample: (state, draws) =>
      after(values.values(state), q => {
        if (epsilon > 0 && draws.uniform() < epsilon) return draws.int(q.length)
        const ties = tied(q)
        return ties.length === 1 ? ties[0]! : ties[draws.int(ties.length)]!
      }),
    mode: state => after(values.values(state), q => tied(q)[0]!),
  }
}

/** What `greedy` does with these values, as probabilities: what expected Sarsa follows. */
export function greedyProbabilities(q: ArrayLike<number>, epsilon: number): Float64Array {
  const ties = tied(q)
  const p = new Float64Array(q.length).fill(epsilon / q.length)
  for (const a of ties) p[a]! += (1 - epsilon) / ties.length
  return p
}

function tied(q: ArrayLike<number>): number[] {
  let best = Number.NEGATIVE_INFINITY
  let out: number[] = []
  for (let a = 0; a < q.length; a++) {
    if (q[a]! > best) {
      best = q[a]!
      out = [a]
    } else if (q[a] === best) out.push(a)
  }
  return out
}
