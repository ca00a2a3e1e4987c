/** The laboratory of the language-model recipe: the texts, and what the baseline makes of them. */
import type { Experiment } from '../experiment.ts'
import { counts } from './counts.ts'
import { transformer } from './transformer.ts'

export const language: Experiment = {
  name: 'language',
  title: 'Language models',
  about:
    'The texts that come with packages, what they cost by counts and by a small transformer, and what it can be asked without having been trained for it.',
  code: ['lab/src/language', 'learn/src/language', 'learn/src/node/language', 'tensor/src'],
  parts: [counts, transformer],
}
