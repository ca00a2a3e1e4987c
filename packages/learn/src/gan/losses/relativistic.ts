import { add, mean, neg, softplus, sub, type Tensor } from '@dioramic/tensor'
import type { Loss } from '../contracts.ts'

/** −log σ(x). */
const logistic = (x: Tensor): Tensor => mean(softplus(neg(x)))

/** −log σ(a − b) of pairs, and mirrored: the discriminator says which of two is real (Jolicoeur-Martineau 2019). */
export const relativistic: Loss = {
  name: 'relativistic',
  discriminator: ({ onReal, onFake }) => logistic(sub(onReal.scores, onFake.scores)),
  generator: ({ onReal, onFake }) => logistic(sub(onFake.scores, onReal.scores)),
}

const against = (a: Tensor, b: Tensor): Tensor => add(logistic(sub(a, mean(b))), logistic(neg(sub(b, mean(a)))))

/** The same against the mean of the other side: −log σ(a − b̄) − log(1 − σ(b − ā)), and mirrored. */
export const relativisticAverage: Loss = {
  name: 'relativistic-average',
  discriminator: ({ onReal, onFake }) => against(onReal.scores, onFake.scores),
  generator: ({ onReal, onFake }) => against(onFake.scores, onReal.scores),
}
