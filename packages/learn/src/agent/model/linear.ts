/** A transition model that is linear in the state (Sutton, Szepesvári, Geramifard & Bowling 2008). */
import type { Imagined, Transition, TransitionModel, Vector } from '../contracts.ts'
import type { Draws } from '../draws.ts'
import { type Features, vectors } from '../features.ts'

export interface LinearModelOptions {
  /** Numbers in a state: features, as `encoded` perceives them. */
  readonly state: number
  readonly actions: number
  /** Step size β, for all active features together. */
  readonly rate: number
  /** The sum of a state's squares, about: the active features where they are 0 or 1. Default 1. */
  readonly together?: number
}

interface Seen {
  readonly state: Vector
  readonly tried: number[]
}

/**
 * s' ≈ F_a s and r ≈ b_a · s, learned by stochastic gradient. After the end s' is 0, which a linear value function holds worthless: the model need not say when episodes end.
 * What it predicts is the expectation of the next state, which is all that a linear value function asks of one.
 */
export class LinearModel implements TransitionModel<Vector, number> {
  readonly actions: number
  /** F_a, [next, state] by rows. */
  readonly transition: readonly Float64Array[]
  /** b_a */
  readonly reward: readonly Float64Array[]
  readonly #features: Features<Vector>
  readonly #rate: number
  readonly #seen: Seen[] = []
  readonly #known = new Map<string, Seen>()

  constructor({ state, actions, rate, together = 1 }: LinearModelOptions) {
    this.actions = actions
    this.#features = vectors(state, together)
    this.#rate = rate / together
    this.transition = Array.from({ length: actions }, () => new Float64Array(state ** 2))
    this.reward = Array.from({ length: actions }, () => new Float64Array(state))
  }

  learn(batch: readonly Transition<Vector, number>[]): void {
    for (const { state, action, reward, next, terminal } of batch) {
      const active = this.#remember(state, action)
      const [guess] = this.predict([state], [action])
      const move = (weights: Float64Array, row: number, error: number) => {
        if (error !== 0) for (const i of active) weights[row * state.length + i]! += this.#rate * error * state[i]!
      }
      move(this.reward[action]!, 0, reward - guess!.reward)
      for (let k = 0; k < state.length; k++) move(this.transition[action]!, k, (terminal ? 0 : next[k]!) - guess!.next[k]!)
    }
  }

  predict(states: readonly Vector[], actions: readonly number[]): Imagined<Vector>[] {
    return states.map((s, i) => {
      const active = this.#features.active(s)
      const of = (weights: Float64Array, row: number) => active.reduce((sum, k) => sum + weights[row * s.length + k]! * s[k]!, 0)
      const F = this.transition[actions[i]!]!
      return { next: Float64Array.from(s, (_, row) => of(F, row)), reward: of(this.reward[actions[i]!]!, 0), terminal: false }
    })
  }

  /** States that were seen, uniformly, and of each an action that was tried there, uniformly. */
  imagine(count: number, draws: Draws): Transition<Vector, number>[] {
    if (this.#seen.length === 0) return []
    return Array.from({ length: count }, () => {
      const { state, tried } = this.#seen[draws.int(this.#seen.length)]!
      const action = tried[draws.int(tried.length)]!
      return { state, action, ...this.predict([state], [action])[0]!, imagined: true }
    })
  }

  /** Returns the features of the state that are not 0. */
  #remember(state: Vector, action: number): readonly number[] {
    const active = this.#features.active(state)
    const name = active.map(i => `${i}:${state[i]}`).join()
    let seen = this.#known.get(name)
    if (!seen) {
      seen = { state: Float64Array.from(state), tried: [] }
      this.#known.set(name, seen)
      this.#seen.push(seen)
    }
    if (!seen.tried.includes(action)) seen.tried.push(action)
    return active
  }
}
