/** Values of actions in states, linear in binary features: a table where the features are one-hot. */
import type { DiscreteActionValues, Transition } from '../contracts.ts'
import { type Features, nudge, product } from '../features.ts'

export interface ActionValueOptions {
  readonly actions: number
  readonly discount: number
  /** Step size α, for all active features together. */
  readonly rate: number
  /**
   * What follows is worth the best action (Q-learning, Watkins 1989), or what the policy will get that has these probabilities given the values (expected Sarsa,
   * van Seijen et al. 2009: Sarsa's fixed point without the noise of the next action).
   */
  readonly follow?: 'best' | ((values: ArrayLike<number>) => ArrayLike<number>)
  /** First value of every pair. Default 0. */
  readonly initial?: number
}

export class LinearActionValues<S> implements DiscreteActionValues<S> {
  readonly features: Features<S>
  readonly actions: number
  /** [action, feature] */
  readonly weights: Float64Array
  /** How often a value was moved: what planning costs. */
  backups = 0
  readonly #o: ActionValueOptions

  constructor(features: Features<S>, options: ActionValueOptions) {
    this.features = features
    this.actions = options.actions
    this.weights = new Float64Array(features.count * options.actions).fill((options.initial ?? 0) / features.together)
    this.#o = options
  }

  value(state: S, action: number): number {
    return product(this.features, state, this.weights, action * this.features.count)
  }

  values(state: S): Float64Array {
    return Float64Array.from({ length: this.actions }, (_, a) => this.value(state, a))
  }

  /** The error of one step, without learning. */
  error(t: Transition<S, number>): number {
    return t.reward + (t.terminal ? 0 : this.#o.discount * this.#after(t.next)) - this.value(t.state, t.action)
  }

  learn(batch: readonly Transition<S, number>[]): Float64Array {
    const errors = new Float64Array(batch.length)
    for (const [k, t] of batch.entries()) {
      const error = this.error(t)
      errors[k] = error
      nudge(this.features, t.state, (this.#o.rate / this.features.together) * error, this.weights, t.action * this.features.count)
      this.backups++
    }
    return errors
  }

  #after(state: S): number {
    const q = this.values(state)
    const follow = this.#o.follow ?? 'best'
    if (follow === 'best') return q.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    const p = follow(q)
    return q.reduce((sum, v, a) => sum + p[a]! * v, 0)
  }
}
