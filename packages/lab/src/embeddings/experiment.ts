/** Embeddings for numerical features (Gorishniy, Rubachev & Babenko, NeurIPS 2022) in miniature. */
import type { Experiment } from '../experiment.ts'
import { adult } from './adult.ts'
import { forest } from './forest.ts'
import { housing } from './housing.ts'
import { boostedTrees, trainingTime } from './peers.ts'
import { ridgeTable } from './ridge.ts'

export const embeddings: Experiment = {
  name: 'embeddings',
  title: 'Embeddings for numerical features',
  about:
    'What it is worth to a network that each number of a table is embedded before the first layer: on California housing with the paper’s split, on Adult with its categories, and on a drawn task that trees like. Boosted trees and PyTorch beside it, where Python has them.',
  code: ['lab/src/embeddings', 'learn/src/embeddings', 'learn/src/tabular', 'tensor/src'],
  parts: [ridgeTable, forest, housing, adult, boostedTrees, trainingTime],
}
