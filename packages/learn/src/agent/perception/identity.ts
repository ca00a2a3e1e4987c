/** Perceptions that need no learning. */
import type { Perception, Vector } from '../contracts.ts'

/** The state is the observation: right where the world shows all of itself. */
export const identity = <O>(): Perception<O, O, unknown> => ({ perceive: (_state, _action, observation) => observation })

/** The last `length` observations and the actions between them, newest first. */
export interface Past<O, A> {
  readonly observations: readonly O[]
  readonly actions: readonly A[]
}

export const history = <O, A>(length: number): Perception<O, Past<O, A>, A> => ({
  perceive: (state, action, observation) => ({
    observations: [observation, ...(state?.observations ?? [])].slice(0, length),
    actions: (action === null ? [] : [action, ...(state?.actions ?? [])]).slice(0, length - 1),
  }),
})

/** A vector that is followed by its change since the step before: positions seen become positions and speeds. Zeros at the start. */
export const withChange = (size: number): Perception<Vector, Float64Array, unknown> => ({
  perceive(state, _action, observation) {
    const out = new Float64Array(2 * size)
    for (let i = 0; i < size; i++) {
      out[i] = observation[i]!
      out[size + i] = state === null ? 0 : observation[i]! - state[i]!
    }
    return out
  },
})
