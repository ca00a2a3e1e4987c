import { add, constant, f32, logSoftmax, mean, mul, sub, sum, type Tensor } from '@dioramic/tensor'
import type { Loss } from '../contracts.ts'

/** A bump on `outcomes` places of (0, 1) around `centre`, sums to 1. */
function bump(outcomes: number, centre: number): Float32Array {
  const raw = Float32Array.from({ length: outcomes }, (_, k) => Math.exp(-((((k + 0.5) / outcomes - centre) / 0.25) ** 2 / 2)))
  const total = raw.reduce((a, b) => a + b, 0)
  return raw.map(p => p / total)
}

/** KL(anchor ‖ softmax(scores)), mean over samples. */
function divergence(anchor: Float32Array, scores: Tensor): Tensor {
  const entropy = anchor.reduce((s, p) => s + (p > 0 ? p * Math.log(p) : 0), 0)
  return sub(entropy, mean(sum(mul(constant(f32(anchor)), logSoftmax(scores)), -1)))
}

/**
 * RealnessGAN (Xiangli et al. 2020): realness is a distribution over outcomes. The discriminator minimises KL(A₁ ‖ D(x)) + KL(A₀ ‖ D(G)), the generator KL(A₁ ‖ D(G)) − KL(A₀ ‖ D(G));
 * the anchors A₁ and A₀ are bumps around ¾ and ¼.
 */
export function realness({ outcomes = 10 }: { readonly outcomes?: number } = {}): Loss {
  const [real, fake] = [bump(outcomes, 0.75), bump(outcomes, 0.25)]
  return {
    name: 'realness',
    outputs: outcomes,
    discriminator: ({ onReal, onFake }) => add(divergence(real, onReal.scores), divergence(fake, onFake.scores)),
    generator: ({ onFake }) => sub(divergence(real, onFake.scores), divergence(fake, onFake.scores)),
  }
}
