import { add, crossEntropy } from '@dioramic/tensor'
import { GanError } from '../error.ts'
import { withHead } from './heads.ts'
import type { Build, BuildOptions } from './options.ts'

/**
 * Auxiliary classifier GAN (Odena et al. 2017): the generator is told the class, the discriminator is not and guesses it: both sides add the cross-entropy of the guess, the discriminator
 * of real and generated samples, the generator of its own.
 */
export const auxiliaryClassifier =
  <O extends BuildOptions>(build: Build<O>): Build<O> =>
  options => {
    const { classes, outputs = 1, ...rest } = options
    if (classes === undefined) throw new GanError('auxiliary classifier: say how many classes there are')
    const told = build(options)
    const blind = build({ ...rest, outputs: outputs + classes } as unknown as O)
    return {
      ...told,
      name: `auxiliary-classifier ${blind.name}`,
      discriminator: withHead(blind.discriminator, outputs, logits => ({ logits })),
      discriminatorTerm: ({ real, fake, onReal, onFake }) =>
        add(crossEntropy(onReal.logits!, real.labels!, { ignoreIndex: -1 }), crossEntropy(onFake.logits!, fake.labels!)),
      generatorTerm: ({ fake, onFake }) => crossEntropy(onFake.logits!, fake.labels!),
    }
  }
