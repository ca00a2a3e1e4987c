import {
  add,
  concat,
  fork,
  mean,
  mul,
  oneHot,
  randomInt,
  randomNormal,
  randomUniform,
  slice,
  softCrossEntropy,
  sub,
} from '@dioramic/tensor'
import type { View } from '../contracts.ts'
import { withHead } from './heads.ts'
import type { Build, BuildOptions } from './options.ts'

export interface CodeOptions {
  /** Values of the categorical code. Default 10. */
  readonly categories?: number
  /** Codes uniform in [−1, 1]. Default 0. */
  readonly continuous?: number
  /** λ. Default 1. */
  readonly weight?: number
}

/**
 * InfoGAN (Chen et al. 2016): the latent ends in a code, one-hot and continuous, which a head of the discriminator guesses: both sides minimise −λ·log Q(c | G(z, c)), a bound of the mutual
 * information. The code comes to mean what varies most.
 */
export const info =
  <O extends BuildOptions>(build: Build<O>, { categories = 10, continuous = 0, weight = 1 }: CodeOptions = {}): Build<O> =>
  options => {
    const { latent = 16, outputs = 1 } = options
    const codes = categories + continuous
    const whole = latent + codes
    const plain = build({ ...options, latent: whole, outputs: outputs + codes })
    const term = ({ fake, onFake }: View) => {
      const [guess, truth] = [onFake.code!, slice(fake.z!, [null, [latent]])]
      const category = softCrossEntropy(slice(guess, [null, [0, categories]]), slice(truth, [null, [0, categories]]))
      if (continuous === 0) return mul(category, weight)
      const off = sub(slice(guess, [null, [categories]]), slice(truth, [null, [categories]]))
      return mul(add(category, mul(mean(mul(off, off)), continuous / 2)), weight)
    }
    return {
      ...plain,
      name: `info ${plain.name}`,
      outputs,
      draw: (key, n) =>
        concat(
          [
            randomNormal(fork(key, 'noise'), [n, latent]),
            oneHot(randomInt(fork(key, 'category'), [n], 0, categories), categories),
            ...(continuous > 0 ? [randomUniform(fork(key, 'continuous'), [n, continuous], { low: -1, high: 1 })] : []),
          ],
          1,
        ),
      discriminator: withHead(plain.discriminator, outputs, code => ({ code })),
      discriminatorTerm: term,
      generatorTerm: term,
    }
  }
