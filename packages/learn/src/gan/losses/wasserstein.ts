import { mean, neg, sub } from '@dioramic/tensor'
import type { Loss } from '../contracts.ts'
import { gradientPenalty } from '../penalties/gradient.ts'
import { penalised } from '../penalties/penalised.ts'

const difference: Loss = {
  name: 'wasserstein',
  discriminator: ({ onReal, onFake }) => sub(mean(onFake.scores), mean(onReal.scores)),
  generator: ({ onFake }) => neg(mean(onFake.scores)),
}

/** The dual of the Wasserstein distance, b − a, with the discriminator's weights held to ±clip (Arjovsky et al. 2017; they clip at 0.01, update by RMSProp at 5e-5, five times). */
export const wasserstein = ({ clip = 0.01 }: { readonly clip?: number } = {}): Loss => ({ ...difference, clip })

/** The same with slopes held near 1 between real and generated samples (Gulrajani et al. 2017). No batch norm in the discriminator: the penalty is each sample's own. */
export const wassersteinGp = ({ weight = 10 }: { readonly weight?: number } = {}): Loss => ({
  ...penalised(difference, { discriminator: [gradientPenalty({ weight })] }),
  name: 'wasserstein-gp',
})
