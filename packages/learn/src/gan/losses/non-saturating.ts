import { add, mean, mul, neg, softplus, sub } from '@dioramic/tensor'
import type { Loss } from '../contracts.ts'

export interface NonSaturatingOptions {
  /** What the discriminator is to say of real samples: 0.9 is one-sided label smoothing (Salimans et al. 2016). Default 1. */
  readonly target?: number
}

/** The generator minimises −log σ(b), whose slope −(1 − σ(b)) is largest where the discriminator is sure (Goodfellow et al. 2014). */
export const nonSaturating = ({ target = 1 }: NonSaturatingOptions = {}): Loss => ({
  name: 'non-saturating',
  // −t·log σ(a) − (1 − t)·log(1 − σ(a)) = softplus(a) − t·a
  discriminator: ({ onReal, onFake }) =>
    add(sub(mean(softplus(onReal.scores)), mul(mean(onReal.scores), target)), mean(softplus(onFake.scores))),
  generator: ({ onFake }) => mean(softplus(neg(onFake.scores))),
})
