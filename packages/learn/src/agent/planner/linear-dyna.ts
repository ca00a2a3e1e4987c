import type { Planner } from '../contracts.ts'
import { dense } from '../features.ts'
import type { LinearModel } from '../model/linear.ts'
import type { Softmax } from '../policy/softmax.ts'
import type { LinearValue } from '../value/linear-value.ts'

export interface LinearDynaParts<S> {
  readonly model: LinearModel<S>
  readonly value: LinearValue<S>
  /** Chooses the imagined actions, and learns from them. */
  readonly policy: Softmax<S>
  readonly discount: number
  /** Step size, for all active features together. */
  readonly rate: number
}

/**
 * Planning with a linear model and an actor–critic: δ = b·φ + γ wᵀFφ − wᵀφ, w ← w + α δ φ, and the actor by the same δ. For a fixed policy w tends to (I − γFᵀ)⁻¹ b
 * (Sutton et al. 2008, theorem 3.1).
 */
export function linearDyna<S>({ model, value, policy, discount, rate }: LinearDynaParts<S>): Planner<S, number> {
  return {
    plan(draws) {
      if (model.seen.length === 0) return false
      const state = model.seen[draws.int(model.seen.length)]!
      const action = policy.sample(state, draws)
      const { reward, next } = model.project(action, dense(model.features, state))
      let after = 0
      for (let i = 0; i < next.length; i++) after += value.weights[i]! * next[i]!
      const error = reward + discount * after - value.value(state)
      for (const i of model.features.active(state)) value.weights[i]! += (rate / model.features.together) * error
      policy.learn([{ state, action, reward, next: state, terminal: false, imagined: true }], [error])
      return true
    },
  }
}
