/** Beliefs: what the world may be in, given all that was seen and done. */
import type { Perception } from '../contracts.ts'
import { AgentError } from '../error.ts'

export interface HiddenMarkov<O, A> {
  /** Probability of each hidden state at the start. */
  readonly start: readonly number[]
  /** Probability of state `to` after action in `from`. */
  transition(from: number, action: A, to: number): number
  /** Probability of the observation in a state. */
  emission(state: number, observation: O): number
}

/** The exact filter of a hidden Markov model: b'(s') ∝ O(o|s') Σₛ T(s'|s,a) b(s) (Åström 1965). @throws AgentError for an observation that no state gives */
export function belief<O, A>(model: HiddenMarkov<O, A>): Perception<O, readonly number[], A> {
  const n = model.start.length
  return {
    perceive(state, action, observation) {
      const prior =
        state === null || action === null
          ? model.start
          : model.start.map((_, to) => state.reduce((sum, b, from) => sum + model.transition(from, action, to) * b, 0))
      const joint = prior.map((p, s) => p * model.emission(s, observation))
      const total = joint.reduce((a, b) => a + b, 0)
      if (!(total > 0)) throw new AgentError(`belief: none of the ${n} states gives the observation ${JSON.stringify(observation)}`)
      return joint.map(p => p / total)
    },
  }
}

/** Mean and variance. */
export interface Gaussian {
  readonly mean: number
  readonly variance: number
}

export interface LinearGaussian {
  readonly start: Gaussian
  /** next = decay · state + control · action + noise of variance `process` */
  readonly decay: number
  readonly control: number
  readonly process: number
  /** Variance of the noise on what is seen. */
  readonly measurement: number
}

/** The scalar Kalman filter (1960): the belief where all is linear and normal. */
export function kalman(m: LinearGaussian): Perception<number, Gaussian, number> {
  return {
    perceive(state, action, observation) {
      const prior =
        state === null
          ? m.start
          : { mean: m.decay * state.mean + m.control * (action ?? 0), variance: m.decay * m.decay * state.variance + m.process }
      const gain = prior.variance / (prior.variance + m.measurement)
      return { mean: prior.mean + gain * (observation - prior.mean), variance: (1 - gain) * prior.variance }
    },
  }
}
