/** The laboratory of all-MLP language models, dense and sparse (Liu et al. 2021; Yu et al. 2022), beside mixtures of experts in transformers. */
import type { Experiment } from '../experiment.ts'
import { balance } from './balance.ts'
import { causality } from './causality.ts'
import { language } from './language.ts'
import { shift } from './shift.ts'

export const smlp: Experiment = {
  name: 'smlp',
  title: 'Sparse all-MLP',
  about:
    'Language models of MLPs only, whose positions are mixed by learned matrices and whose features and tokens go to experts: what they may know of the future, what several matrices can that one cannot, and how they predict text beside dense and sparse transformers at equal multiply–adds.',
  code: ['lab/src/smlp', 'learn/src/smlp'],
  parts: [causality, shift, balance, language],
}
