/** Values of actions in states, linear in binary features: a table where the features are one-hot. */
import type { DiscreteActionValues, Transition } from '../contracts.ts'
import type { Features } from '../features.ts'

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
    let q = 0
    for (const i of this.features.active(state)) q += this.weights[action * this.features.count + i]!
    return q
  }

  values(state: S): Float64Array {
    const active = this.features.active(state)
    const q = new Float64Array(this.actions)
    for (let a = 0; a < this.actions; a++) for (const i of active) q[a]! += this.weights[a * this.features.count + i]!
    return q
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
      const step = (this.#o.rate / this.features.together) * error
      for (const i of this.features.active(t.state)) this.weights[t.action * this.features.count + i]! += step
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
