/** The laboratory of model soups (Wortsman et al. 2022, "Model soups: averaging weights of multiple fine-tuned models"). */
import type { Experiment } from '../experiment.ts'
import { batchNormPart } from './batch-norm.ts'
import { initialisation } from './initialisation.ts'
import { learningRate } from './learning-rate.ts'
import { recipes } from './recipes.ts'
import { shifts, shiftsModerate } from './shifts.ts'

export const soups: Experiment = {
  name: 'soups',
  title: 'Model soups',
  about:
    'Means of the weights of models that were fine-tuned from the same ones: when they are better than the models, and when they are none.',
  code: ['lab/src/soups', 'learn/src/soups', 'learn/src/theory/data', 'tensor/src'],
  parts: [learningRate, initialisation, recipes, batchNormPart, shifts, shiftsModerate],
}
