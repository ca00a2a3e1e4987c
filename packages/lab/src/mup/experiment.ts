/** The laboratory of µTransfer (Yang et al. 2022, "Tensor Programs V: Tuning Large Neural Networks via Zero-Shot Hyperparameter Transfer"). */
import type { Experiment } from '../experiment.ts'
import { coordinates } from './coordinates.ts'
import { ratesMlp, ratesResnet, ratesTransformer } from './rates.ts'

export const mup: Experiment = {
  name: 'mup',
  title: 'µTransfer',
  about:
    'Whether values inside a network, and the best learning rate, stay where they are as it grows; and what a narrow model’s rate is worth on a wide one.',
  code: ['lab/src/mup', 'learn/src/mup', 'tensor/src'],
  parts: [coordinates, ratesMlp, ratesTransformer, ratesResnet],
}
