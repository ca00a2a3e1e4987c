import { add, mean, neg, relu, sub } from '@dioramic/tensor'
import type { Loss } from '../contracts.ts'

/** Geometric or hinge loss: max(0, 1 − a) + max(0, 1 + b), and −b (Lim & Ye 2017; Tran et al. 2017). */
export const hinge: Loss = {
  name: 'hinge',
  discriminator: ({ onReal, onFake }) => add(mean(relu(sub(1, onReal.scores))), mean(relu(add(1, onFake.scores)))),
  generator: ({ onFake }) => neg(mean(onFake.scores)),
}
