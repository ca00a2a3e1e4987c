import { after } from '../awaitable.ts'
import type { Awaitable, Critic, Imagination, Planner, ReactivePolicy, Transition } from '../contracts.ts'

export interface DynaParts<S, A> {
  readonly model: Imagination<S, A>
  readonly value: Critic<S, A>
  /** Learns from the imagined errors too, where it learns by itself. */
  readonly policy?: ReactivePolicy<S, A>
  /** Imagined steps a unit of planning. Default 1. */
  readonly batch?: number
}

/** Dyna (Sutton 1990): value and policy learn from imagined steps just as they do from real ones. With `Replay` for a model this is experience replay. */
export function dyna<S, A>({ model, value, policy, batch = 1 }: DynaParts<S, A>): Planner<S, A> {
  const learn = (imagined: readonly Transition<S, A>[]): Awaitable<boolean> => {
    if (imagined.length === 0) return false
    return after(value.learn(imagined), errors => after(policy?.learn?.(imagined, errors), () => true))
  }
  return { plan: draws => after(model.imagine(batch, draws), learn) }
}
