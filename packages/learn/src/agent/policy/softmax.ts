import type { ReactivePolicy, Transition } from '../contracts.ts'
import type { Draws } from '../draws.ts'
import { type Features, nudge, product } from '../features.ts'

export interface SoftmaxOptions {
  readonly actions: number
  /** Step size α, for all active features together. */
  readonly rate: number
}

/** The actor of actor–critic: π(a|s) ∝ exp θᵀx(s,a), moved by the critic's error, θ ← θ + α δ ∇ ln π(a|s) (Sutton & Barto 2018, 13.5). */
export class Softmax<S> implements ReactivePolicy<S, number> {
  readonly features: Features<S>
  readonly actions: number
  /** θ, [action, feature] */
  readonly preferences: Float64Array
  readonly #rate: number

  constructor(features: Features<S>, { actions, rate }: SoftmaxOptions) {
    this.features = features
    this.actions = actions
    this.preferences = new Float64Array(actions * features.count)
    this.#rate = rate
  }

  probabilities(state: S): Float64Array {
    const h = this.#heights(state)
    const top = Math.max(...h)
    let total = 0
    for (let a = 0; a < h.length; a++) total += h[a] = Math.exp(h[a]! - top)
    return h.map(e => e / total)
  }

  sample(state: S, draws: Draws): number {
    return draws.weighted(this.probabilities(state))
  }

  mode(state: S): number {
    const h = this.#heights(state)
    return h.indexOf(Math.max(...h))
  }

  learn(batch: readonly Transition<S, number>[], errors: ArrayLike<number>): void {
    for (const [k, t] of batch.entries()) {
      const p = this.probabilities(t.state)
      for (let a = 0; a < this.actions; a++) {
        const step = (this.#rate / this.features.together) * errors[k]! * ((a === t.action ? 1 : 0) - p[a]!)
        nudge(this.features, t.state, step, this.preferences, a * this.features.count)
      }
    }
  }

  #heights(state: S): Float64Array {
    return Float64Array.from({ length: this.actions }, (_, a) => product(this.features, state, this.preferences, a * this.features.count))
  }
}
