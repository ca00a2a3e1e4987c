import { abs, add, mean, mul, neg, relu, reshape, sub, type Tensor } from '@dioramic/tensor'
import type { Loss } from '../contracts.ts'

const rows = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, -1])

/**
 * Loss-sensitive GAN (Qi 2020): a sample's loss L is the negative score; L(x) + weight·(Δ(x, G) + L(x) − L(G))₊, and L(G). The margin Δ is the mean absolute difference of a real and a
 * generated sample, so that the better a sample is the less it is pushed away.
 */
export const lossSensitive = ({ weight = 1 }: { readonly weight?: number } = {}): Loss => ({
  name: 'loss-sensitive',
  discriminator: ({ real, fake, onReal, onFake }) => {
    const margin = mean(abs(sub(rows(real.x), rows(fake.x))), 1, true)
    const [ofReal, ofFake] = [neg(onReal.scores), neg(onFake.scores)]
    return add(mean(ofReal), mul(mean(relu(add(margin, sub(ofReal, ofFake)))), weight))
  },
  generator: ({ onFake }) => neg(mean(onFake.scores)),
})
