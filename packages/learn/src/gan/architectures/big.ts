import { orthogonal } from '../penalties/orthogonal.ts'
import type { Build } from './options.ts'
import { type ResidualOptions, resnet } from './resnet.ts'
import { spectrallyNormalised } from './spectral.ts'

/**
 * BigGAN (Brock et al. 2019) in small: residual nets with attention and spectral norm, every level of the generator told a part of the latent and the class, its weights pushed to be
 * orthogonal. Sample it with a threshold (the truncation trick).
 */
export const big: Build<ResidualOptions> = options => {
  const plain = resnet({ ...options, attention: true, skipLatent: true })
  return {
    ...plain,
    name: options.classes === undefined ? 'big' : 'conditional big',
    generator: spectrallyNormalised(plain.generator),
    discriminator: spectrallyNormalised(plain.discriminator),
    generatorTerm: orthogonal(),
  }
}
