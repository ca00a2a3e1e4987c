/** The decoder-only transformer: the baseline of the language models, and what mup, DeepNorm and others change a part of. */
import { nn } from '@dioramic/tensor'
import { z } from 'zod'
import type { LanguageModel } from './model.ts'
import { modelKind } from './model.ts'

export interface TransformerOptions {
  readonly vocabulary: number
  /** Width; a `dim` where it scales. */
  readonly d: nn.Size
  readonly layers: number
  readonly heads: number
  /** Tokens of a window. */
  readonly time: number
  /** How branches join the stream. Default `nn.preNorm`. */
  readonly residual?: nn.Residual
  /** A norm before the readout. Default: where the residual rule is `nn.preNorm`. */
  readonly finalNorm?: boolean
  readonly norm?: (d: nn.Size) => nn.Layer
  /** Hidden size of the feed-forward nets; 4·d by default. */
  readonly hidden?: nn.Size
  /** Rate on what each branch adds. */
  readonly dropout?: number
  /** Whether the embedding's table reads out too. Default true. */
  readonly tied?: boolean
  readonly init?: {
    readonly embedding?: nn.Init
    readonly attention?: NonNullable<nn.AttentionOptions['init']>
    readonly ffn?: NonNullable<nn.FfnOptions['init']>
    /** Of an untied readout. */
    readonly readout?: nn.Init
  }
}

/**
 * A decoder-only transformer (Vaswani et al. 2017; pre-norm as in Radford et al. 2019) with learned positions: parameters `embedding`, `positions`, `blocks` (stacked over the layers), `norm`, `out`.
 * @throws TensorError where the width does not divide into the heads
 */
export function transformerLm(options: TransformerOptions): LanguageModel {
  const { vocabulary, d, layers, heads, time, residual = nn.preNorm, hidden, dropout = 0, tied = true, init = {} } = options
  const norm = options.norm ?? (size => nn.layerNorm(size))
  const embedding = nn.embedding(vocabulary, d, init.embedding ? { init: init.embedding } : {})
  const block = nn.block({
    d,
    attention: nn.attention(d, { heads, causal: true, ...(init.attention ? { init: init.attention } : {}) }),
    ffn: nn.ffn(d, { ...(hidden === undefined ? {} : { hidden }), ...(init.ffn ? { init: init.ffn } : {}) }),
    residual,
    norm,
    dropout,
  })
  const layer = nn.sequence({
    embedding,
    positions: nn.learnedPositions(time, d),
    blocks: nn.repeat(layers, block),
    ...((options.finalNorm ?? residual === nn.preNorm) ? { norm: norm(d) } : {}),
    out: tied ? embedding.readout() : nn.linear(d, vocabulary, { bias: false, ...(init.readout ? { init: init.readout } : {}) }),
  })
  return { layer, vocabulary, time, decodes: true }
}

const settings = z.strictObject({
  d: z.int().min(1).default(128),
  layers: z.int().min(1).default(4),
  heads: z.int().min(1).default(4),
  dropout: z.number().min(0).max(0.9).default(0),
  tied: z.boolean().default(true),
})

/** `transformer`: `transformerLm` by its sizes. */
export const transformerKind = modelKind({
  name: 'transformer',
  about: 'A decoder-only pre-norm transformer with learned positions.',
  settings,
  build: (s: z.infer<typeof settings>, { vocabulary, time }) => transformerLm({ ...s, vocabulary, time }),
})
