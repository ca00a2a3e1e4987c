import { add, clip, mean, mul, neg, sub } from '@dioramic/tensor'
import type { Loss } from '../contracts.ts'

/**
 * Boundary equilibrium GAN (Berthelot et al. 2017), for a discriminator that scores a sample by minus the error L of its autoencoder: L(x) − k·L(G), and L(G);
 * k ← clip(k + rate·(balance·L(x) − L(G)), 0, 1) keeps the two errors in proportion.
 */
export const boundary = ({ balance = 0.5, rate = 1e-3 }: { readonly balance?: number; readonly rate?: number } = {}): Loss => ({
  name: 'boundary-equilibrium',
  memory: { k: 0 },
  discriminator: ({ onReal, onFake, memory }) => {
    const [real, fake, k] = [neg(mean(onReal.scores)), neg(mean(onFake.scores)), memory['k']!]
    return [sub(real, mul(k, fake)), { k: clip(add(k, mul(sub(mul(real, balance), fake), rate)), 0, 1) }]
  },
  generator: ({ onFake }) => neg(mean(onFake.scores)),
})

/** L(x) + |balance·L(x) − L(G)|: falls as such a GAN gets better. */
export const boundaryMeasure = (real: number, fake: number, balance = 0.5): number => real + Math.abs(balance * real - fake)
