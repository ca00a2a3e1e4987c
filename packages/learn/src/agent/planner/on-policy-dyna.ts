import { after } from '../awaitable.ts'
import type { Critic, Planner, ReactivePolicy, Transition, TransitionModel } from '../contracts.ts'

export interface OnPolicyDynaParts<S, A> {
  /** Where to begin, and what comes of it. */
  readonly model: TransitionModel<S, A>
  readonly value: Critic<S, NoInfer<A>>
  /** Chooses the imagined actions, and learns from their errors. */
  readonly policy: ReactivePolicy<S, A>
}

/**
 * Dyna for actor–critic: imagined steps begin where the agent has been, with the action that the policy takes there now, so that values of states are those of this policy.
 * With a `LinearModel` it is linear Dyna, δ = b·s + γ wᵀFs − wᵀs, whose values tend to (I − γFᵀ)⁻¹ b for a fixed policy (Sutton et al. 2008, theorem 3.1).
 */
export function onPolicyDyna<S, A>({ model, value, policy }: OnPolicyDynaParts<S, A>): Planner<S, A> {
  return {
    plan: draws =>
      after(model.imagine(1, draws), ([from]) => {
        if (!from) return false
        const { state } = from
        return after(policy.sample(state, draws), action =>
          after(model.predict([state], [action]), ([outcome]) => {
            const batch: readonly Transition<S, A>[] = [{ state, action, ...outcome!, imagined: true }]
            return after(value.learn(batch), errors => after(policy.learn?.(batch, errors), () => true))
          }),
        )
      }),
  }
}
