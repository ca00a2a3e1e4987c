/** The networks of California housing: settings near the paper's tuned ones, small enough for a laptop. */
import { quantileBins, type RowModelOptions, rowModel, treeBins } from '@dioramic/learn/embeddings'
import { columnsOf, type Rows, type TrainingSettings } from '@dioramic/learn/tabular'
import type { nn } from '@dioramic/tensor'

interface Network {
  readonly embedding: string
  readonly d?: number
  readonly bins?: number
  readonly frequencies?: number
  readonly sigma?: number
  readonly widths: readonly number[]
  readonly dropout: number
  readonly lr: number
}

/** By the paper's names. */
export const NETWORKS = {
  MLP: { embedding: 'none', widths: [586, 65], dropout: 0.28, lr: 3.5e-3 },
  'MLP-LR': { embedding: 'LR', d: 16, widths: [512], dropout: 0.2, lr: 2e-3 },
  'MLP-PLR': { embedding: 'PLR', d: 16, frequencies: 4, sigma: 0.02, widths: [512], dropout: 0.25, lr: 2.5e-3 },
  'MLP-Q-LR': { embedding: 'Q-LR', d: 16, bins: 128, widths: [512, 256], dropout: 0.3, lr: 1e-3 },
  'MLP-T': { embedding: 'T', bins: 195, widths: [512], dropout: 0.25, lr: 1e-3 },
  'MLP-T-LR': { embedding: 'T-LR', d: 16, bins: 195, widths: [512], dropout: 0.23, lr: 1e-3 },
} as const satisfies Readonly<Record<string, Network>>

/** Leaves of at least so many rows that lower the impurity by so much: the paper's tuned trees. */
export const TREE = { minLeaf: 87, minDecrease: 3.67e-4 }

/** Bins of a network for training rows. */
export function binsFor({ embedding, bins }: Network, train: Rows): number[][] | undefined {
  if (bins === undefined) return undefined
  const columns = columnsOf(train, train.width)
  return embedding.startsWith('Q')
    ? quantileBins(columns, bins)
    : treeBins(columns, { kind: 'regression', y: train.y }, { leaves: bins, ...TREE })
}

export function networkOf(n: Network, train: Rows): nn.Layer {
  const bins = binsFor(n, train)
  const { embedding, d, frequencies, sigma, widths, dropout } = n
  const embeddingOptions: RowModelOptions['embeddingOptions'] = {
    ...(bins ? { bins } : {}),
    ...(d === undefined ? {} : { d }),
    ...(frequencies === undefined ? {} : { frequencies }),
    ...(sigma === undefined ? {} : { sigma }),
  }
  return rowModel({ numbers: train.width, outputs: 1, embedding, embeddingOptions, backbone: { kind: 'mlp', widths, dropout } })
}

export const trainingOf = ({ lr }: Network, epochs: number, patience: number): TrainingSettings => ({
  lr,
  weightDecay: 1e-5,
  batch: 256,
  epochs,
  patience,
})
