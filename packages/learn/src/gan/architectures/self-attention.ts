import type { Build } from './options.ts'
import { type ResidualOptions, resnet } from './resnet.ts'
import { spectrallyNormalised } from './spectral.ts'

/** SAGAN (Zhang et al. 2019): residual nets with attention between all places, spectral norm in both. It is trained by the hinge loss, the discriminator at four times the generator's rate. */
export const selfAttentive: Build<ResidualOptions> = options => {
  const plain = resnet({ ...options, attention: true })
  return {
    ...plain,
    name: options.classes === undefined ? 'self-attention' : 'conditional self-attention',
    generator: spectrallyNormalised(plain.generator),
    discriminator: spectrallyNormalised(plain.discriminator),
  }
}
