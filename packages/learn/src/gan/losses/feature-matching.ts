import { mean, mul, sub, sum } from '@dioramic/tensor'
import type { Loss } from '../contracts.ts'
import { GanError } from '../error.ts'
import { crossEntropies } from './minimax.ts'

/** The generator matches the mean of the discriminator's last features, ‖E f(x) − E f(G)‖² (Salimans et al. 2016). */
export const featureMatching: Loss = {
  name: 'feature-matching',
  discriminator: crossEntropies,
  generator: ({ architecture, onReal, onFake }) => {
    const [a, b] = [onReal.features, onFake.features]
    if (!a || !b) throw new GanError(`feature-matching: the discriminator of "${architecture.name}" shows no features`)
    const off = sub(mean(a, 0), mean(b, 0))
    return sum(mul(off, off))
  },
}
