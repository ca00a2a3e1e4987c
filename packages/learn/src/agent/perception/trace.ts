import type { Perception, Vector } from '../contracts.ts'

/** Exponential traces of features of the observation, u ← λu + (1 − λ)φ(o), after the features themselves: [φ(o), u]. What was seen fades, but does not vanish at once. */
export function trace<O>(features: (observation: O) => Vector, lambda: number): Perception<O, Float64Array, unknown> {
  return {
    perceive(state, _action, observation) {
      const now = features(observation)
      const n = now.length
      const out = new Float64Array(2 * n)
      for (let i = 0; i < n; i++) {
        out[i] = now[i]!
        out[n + i] = lambda * (state ? state[n + i]! : 0) + (1 - lambda) * now[i]!
      }
      return out
    },
  }
}
