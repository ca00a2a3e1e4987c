import { add, mean, neg, softplus } from '@dioramic/tensor'
import type { Loss } from '../contracts.ts'

/** −log σ(a) − log(1 − σ(b)), of scores on real (a) and generated samples (b). */
export const crossEntropies: Loss['discriminator'] = ({ onReal, onFake }) =>
  add(mean(softplus(neg(onReal.scores))), mean(softplus(onFake.scores)))

/** The game as it was first written (Goodfellow et al. 2014): the generator minimises log(1 − σ(b)), whose slope −σ(b) vanishes where the discriminator is sure. */
export const minimax: Loss = {
  name: 'minimax',
  discriminator: crossEntropies,
  generator: ({ onFake }) => neg(mean(softplus(onFake.scores))),
}
