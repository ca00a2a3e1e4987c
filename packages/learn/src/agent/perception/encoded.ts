import type { Perception } from '../contracts.ts'
import { dense, type Features } from '../features.ts'

/** The state is the feature vector of the observation: what `LinearModel` predicts, and `vectors` reads. */
export const encoded = <O>(features: Features<O>): Perception<O, Float64Array, unknown> => ({
  perceive: (_state, _action, observation) => dense(features, observation),
})
