/** What a model is made with and how it is trained; defaults, and random draws for tuning. */

import type { Key, nn } from '@dioramic/tensor'
import { Draws } from '../agent/draws.ts'
import { binsOf } from '../embeddings/embedding.ts'
import {
  type Backbone,
  type EmbeddingOptions,
  type NumberColumns,
  quantileBins,
  rowModel,
  type TreeTarget,
  treeBins,
} from '../embeddings/index.ts'
import type { Rows, TrainingSettings } from './train.ts'

export interface ModelSettings {
  readonly embedding: string
  readonly embeddingOptions: EmbeddingOptions
  /** Most bins of a feature, and fewest rows and least gain of a tree's bin. */
  readonly bins: number
  readonly minLeaf: number
  readonly minDecrease: number
  readonly backbone: Backbone
}

export interface Settings {
  readonly model: ModelSettings
  readonly training: TrainingSettings
}

export const BACKBONES = ['mlp', 'resnet', 'transformer'] as const

/** Settings that do well on many tables without tuning: tree bins with a linear layer and ReLU on an MLP. */
export function defaultSettings(rows: number, embedding = 'T-LR', backbone: Backbone['kind'] = 'mlp'): Settings {
  const small = rows < 2000
  return {
    model: {
      embedding,
      embeddingOptions: backbone === 'transformer' ? { d: 64 } : { d: 16, sigma: 0.02, frequencies: 16 },
      bins: 48,
      minLeaf: Math.max(2, Math.min(64, Math.round(rows / 100))),
      minDecrease: 1e-4,
      backbone:
        backbone === 'mlp'
          ? { kind: 'mlp', widths: small ? [128, 128] : [384, 256], dropout: 0.2 }
          : backbone === 'resnet'
            ? { kind: 'resnet', d: 128, hidden: 256, blocks: 3, dropout: 0.2 }
            : { kind: 'transformer', blocks: 2, hidden: 85, attentionDropout: 0.1, dropout: 0.1 },
    },
    training: {
      lr: backbone === 'transformer' ? 3e-4 : 1e-3,
      weightDecay: 1e-5,
      batch: rows < 5_000 ? 64 : rows < 50_000 ? 256 : 512,
      epochs: 400,
      patience: 16,
    },
  }
}

/** One draw of a random search around the defaults, in the ranges of the paper's tuning (appendix E) that a CPU can pay for. */
export function drawnSettings(from: Settings, key: Key, free: { readonly embedding: boolean }): Settings {
  const draws = new Draws(key)
  const d = {
    between: (low: number, high: number) => Number((low + (high - low) * draws.uniform()).toPrecision(3)),
    /** Both ends included. */
    whole: (low: number, high: number) => low + draws.int(high - low + 1),
    logarithmic: (low: number, high: number) => Number((low * (high / low) ** draws.uniform()).toPrecision(3)),
    one: <T>(of: readonly T[]): T => of[draws.int(of.length)]!,
  }
  const embedding = free.embedding ? d.one(['none', 'LR', 'PLR', 'Q-LR', 'T', 'T-LR']) : from.model.embedding
  const { backbone } = from.model
  const dropout = d.one([0, d.between(0, 0.5)])
  const size = d.whole(8, 32)
  return {
    model: {
      ...from.model,
      embedding,
      embeddingOptions: {
        ...from.model.embeddingOptions,
        d: backbone.kind === 'transformer' ? 8 * d.whole(4, 16) : size,
        sigma: d.logarithmic(0.01, 1),
        frequencies: d.whole(4, 32),
      },
      bins: d.whole(8, 96),
      minLeaf: d.whole(1, 128),
      minDecrease: d.logarithmic(1e-6, 1e-2),
      backbone:
        backbone.kind === 'mlp'
          ? { kind: 'mlp', widths: Array.from({ length: d.whole(1, 4) }, () => d.whole(64, 512)), dropout }
          : backbone.kind === 'resnet'
            ? { kind: 'resnet', d: d.whole(64, 256), hidden: d.whole(64, 512), blocks: d.whole(1, 4), dropout }
            : { kind: 'transformer', blocks: d.whole(1, 3), hidden: d.whole(32, 192), attentionDropout: d.between(0, 0.3), dropout },
    },
    training: { ...from.training, lr: d.logarithmic(3e-4, 5e-3), weightDecay: d.one([0, d.logarithmic(1e-6, 1e-3)]) },
  }
}

/** Columns of numbers of some rows. */
export const columnsOf = ({ x, width }: Pick<Rows, 'x' | 'width'>, count: number): NumberColumns =>
  Array.from({ length: count }, (_, c) => Float64Array.from({ length: x.length / width }, (_, i) => x[i * width + c]!))

/** The model of some settings for training rows: its bins are fitted to them. */
export function modelOf(
  { embedding, embeddingOptions, bins, minLeaf, minDecrease, backbone }: ModelSettings,
  features: { readonly numbers: number; readonly categories: readonly number[] },
  train: Rows,
  target: { readonly kind: 'regression' } | { readonly kind: 'classes'; readonly classes: number },
): nn.Layer {
  const kind = features.numbers > 0 ? binsOf(embedding) : undefined
  const columns = kind ? columnsOf(train, features.numbers) : []
  const count = Math.min(bins, train.y.length - 1)
  const to = { ...target, y: train.y } as TreeTarget
  const edges =
    kind === 'Q' ? quantileBins(columns, count) : kind === 'T' ? treeBins(columns, to, { leaves: count, minLeaf, minDecrease }) : undefined
  return rowModel({
    ...features,
    outputs: target.kind === 'regression' ? 1 : target.classes,
    embedding,
    embeddingOptions: { ...embeddingOptions, ...(edges ? { bins: edges } : {}) },
    backbone,
  })
}
