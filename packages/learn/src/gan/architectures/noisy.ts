import { add, fork, mul, randomNormal } from '@dioramic/tensor'
import type { Build, BuildOptions } from './options.ts'

/** Instance noise: the discriminator sees real and generated samples under noise, so that the two overlap (Sønderby et al. 2017). */
export const noisy =
  <O extends BuildOptions>(build: Build<O>, deviation: number): Build<O> =>
  options => {
    const plain = build(options)
    const { discriminator } = plain
    return {
      ...plain,
      name: `noisy ${plain.name}`,
      discriminator: {
        ...discriminator,
        apply: (params, state, samples, pass) => {
          const noise = pass.train && pass.key ? mul(randomNormal(fork(pass.key, 'instance noise'), samples.x.shape), deviation) : undefined
          return discriminator.apply(params, state, noise ? { ...samples, x: add(samples.x, noise) } : samples, pass)
        },
      },
    }
  }
