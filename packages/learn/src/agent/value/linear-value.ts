/** Values of states, linear in features: a table where the features are one-hot. */
import type { Transition, ValueFunction } from '../contracts.ts'
import { type Features, nudge, product } from '../features.ts'

export interface LinearValueOptions {
  readonly discount: number
  /** Step size α, for all active features together. */
  readonly rate: number
  /** λ of TD(λ) with accumulating traces; 0 is TD(0). Imagined steps stand alone, so they leave no traces. */
  readonly trace?: number
  /** Continuing tasks: reward is counted above its own average, learned at this rate (Sutton & Barto 2018, 10.3); give a discount of 1. */
  readonly averageRate?: number
}

export class LinearValue<S> implements ValueFunction<S, unknown> {
  readonly features: Features<S>
  readonly weights: Float64Array
  /** The average reward, where it is learned; else 0. */
  average = 0
  readonly #o: LinearValueOptions
  #traces = new Map<number, number>()

  constructor(features: Features<S>, options: LinearValueOptions) {
    this.features = features
    this.weights = new Float64Array(features.count)
    this.#o = options
  }

  begin(): void {
    this.#traces.clear()
  }

  value(state: S): number {
    return product(this.features, state, this.weights)
  }

  /** δ = r + γ v(s') − v(s), w ← w + α δ z (Sutton 1988). */
  learn(batch: readonly Transition<S, unknown>[]): Float64Array {
    const errors = new Float64Array(batch.length)
    for (const [k, t] of batch.entries()) {
      const after = t.terminal ? 0 : this.value(t.next)
      const error = t.reward - this.average + this.#o.discount * after - this.value(t.state)
      errors[k] = error
      if (this.#o.averageRate !== undefined && !t.imagined) this.average += this.#o.averageRate * error
      this.#move(t, (this.#o.rate / this.features.together) * error)
      if (t.terminal && !t.imagined) this.begin()
    }
    return errors
  }

  #move(t: Transition<S, unknown>, step: number): void {
    const { features } = this
    const keep = this.#o.discount * (this.#o.trace ?? 0)
    if (t.imagined || keep === 0) {
      nudge(features, t.state, step, this.weights)
      return
    }
    for (const [i, z] of this.#traces) {
      const faded = z * keep
      if (faded < 1e-8) this.#traces.delete(i)
      else this.#traces.set(i, faded)
    }
    for (const i of features.active(t.state)) this.#traces.set(i, (this.#traces.get(i) ?? 0) + (features.amount?.(t.state, i) ?? 1))
    for (const [i, z] of this.#traces) this.weights[i]! += step * z
  }
}
