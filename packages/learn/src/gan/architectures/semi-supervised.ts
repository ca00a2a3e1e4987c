import { crossEntropy, logSumExp } from '@dioramic/tensor'
import { GanError } from '../error.ts'
import type { Build, BuildOptions } from './options.ts'

/**
 * Semi-supervised GAN (Salimans et al. 2016; Odena 2016): the discriminator classifies. With K logits l, D(x) = Z/(Z + 1), Z = Σ exp l, so the score is log Z; labelled samples (label ≥ 0)
 * add their cross-entropy. The generator is not told a class.
 */
export const semiSupervised =
  <O extends BuildOptions>(build: Build<O>): Build<O> =>
  options => {
    const { classes, outputs = 1, ...rest } = options
    if (classes === undefined) throw new GanError('semi-supervised: say how many classes there are')
    if (outputs !== 1)
      throw new GanError(`semi-supervised: its score is log Σ exp of the class logits, one a sample; the loss wants ${outputs}`)
    const plain = build({ ...rest, outputs: classes } as unknown as O)
    const { discriminator } = plain
    return {
      ...plain,
      name: `semi-supervised ${plain.name}`,
      outputs: 1,
      classes,
      conditional: false,
      discriminator: {
        ...discriminator,
        apply: (params, state, samples, pass) => {
          const [{ scores: logits, features }, next] = discriminator.apply(params, state, samples, pass)
          return [{ scores: logSumExp(logits, 1, true), logits, features }, next]
        },
      },
      discriminatorTerm: ({ real, onReal }) => crossEntropy(onReal.logits!, real.labels!, { ignoreIndex: -1 }),
    }
  }
