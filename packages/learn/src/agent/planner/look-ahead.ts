import type { Planner, TransitionModel } from '../contracts.ts'

export interface LookAheadParts<S> {
  readonly model: TransitionModel<S, number>
  readonly actions: number
  readonly discount: number
  /** Steps ahead, from 1. */
  readonly depth: number
  /** Worth of the states at the end of the search. */
  readonly value: (state: S) => number
  /** Whether the model may be asked; what it does not know is not searched. Default: all. */
  readonly knows?: (state: S, action: number) => boolean
}

/** Decision-time planning: all sequences of `depth` actions by the model, the value function at their ends; the first action of the best, of equals any. */
export function lookAhead<S>({ model, actions, discount, depth, value, knows = () => true }: LookAheadParts<S>): Planner<S, number> {
  const worth = async (state: S, action: number, left: number): Promise<number> => {
    if (!knows(state, action)) return Number.NEGATIVE_INFINITY
    const [o] = await model.predict([state], [action])
    if (o!.terminal) return o!.reward
    let best = Number.NEGATIVE_INFINITY
    if (left > 1) for (let a = 0; a < actions; a++) best = Math.max(best, await worth(o!.next, a, left - 1))
    // At the horizon, and where nothing further is known.
    return o!.reward + discount * (best === Number.NEGATIVE_INFINITY ? value(o!.next) : best)
  }
  return {
    async decide(state, draws) {
      let [best, ties]: [number, number[]] = [Number.NEGATIVE_INFINITY, []]
      for (let a = 0; a < actions; a++) {
        const w = await worth(state, a, depth)
        if (w > best || ties.length === 0) [best, ties] = [w, [a]]
        else if (w === best) ties.push(a)
      }
      return ties[draws.int(ties.length)]!
    },
  }
}
