/** A model that is linear in features, and planning with it by expectation (Sutton, Szepesvári, Geramifard & Bowling 2008). */
import type { Transition } from '../contracts.ts'
import { dense, type Features } from '../features.ts'

/** φ' ≈ F_a φ and r ≈ b_a · φ, learned by stochastic gradient; after the end φ' is 0. */
export class LinearModel<S> {
  readonly features: Features<S>
  readonly actions: number
  /** F_a, [features, features], a row for each feature that follows. */
  readonly transition: readonly Float64Array[]
  /** b_a */
  readonly reward: readonly Float64Array[]
  readonly #rate: number
  readonly #seen: S[] = []
  readonly #known = new Set<string>()

  constructor(features: Features<S>, { actions, rate }: { readonly actions: number; readonly rate: number }) {
    this.features = features
    this.actions = actions
    this.#rate = rate / features.together
    this.transition = Array.from({ length: actions }, () => new Float64Array(features.count ** 2))
    this.reward = Array.from({ length: actions }, () => new Float64Array(features.count))
  }

  /** States to begin with, in the order in which their features were first seen. */
  get seen(): readonly S[] {
    return this.#seen
  }

  learn(batch: readonly Transition<S, number>[]): void {
    const n = this.features.count
    for (const t of batch) {
      const active = this.features.active(t.state)
      const name = active.join()
      if (!this.#known.has(name)) {
        this.#known.add(name)
        this.#seen.push(t.state)
      }
      const F = this.transition[t.action]!
      const b = this.reward[t.action]!
      const after = t.terminal ? new Float64Array(n) : dense(this.features, t.next)
      let r = 0
      for (const i of active) r += b[i]!
      for (const i of active) b[i]! += this.#rate * (t.reward - r)
      for (let k = 0; k < n; k++) {
        let guess = 0
        for (const i of active) guess += F[k * n + i]!
        const step = this.#rate * (after[k]! - guess)
        if (step !== 0) for (const i of active) F[k * n + i]! += step
      }
    }
  }

  /** Expected reward and features after an action, from a feature vector. */
  project(action: number, phi: Float64Array): { readonly reward: number; readonly next: Float64Array } {
    const n = this.features.count
    const F = this.transition[action]!
    const b = this.reward[action]!
    const next = new Float64Array(n)
    let reward = 0
    for (let i = 0; i < n; i++) {
      const x = phi[i]!
      if (x === 0) continue
      reward += b[i]! * x
      for (let k = 0; k < n; k++) next[k]! += F[k * n + i]! * x
    }
    return { reward, next }
  }
}
