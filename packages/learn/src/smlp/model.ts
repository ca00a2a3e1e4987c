/** All-MLP language models, dense and sparse, for the recipe of language models. */
import { nn } from '@dioramic/tensor'
import { z } from 'zod'
import { type LanguageModel, modelKind } from '../language/index.ts'
import { gmlpBlock, sparseBlock } from './blocks.ts'
import { SmlpError } from './error.ts'
import { prefixLength } from './partial.ts'
import { baseRouter } from './routers/base.ts'
import { gshardRouter } from './routers/gshard.ts'
import type { Router } from './routers/router.ts'
import { switchRouter } from './routers/switch.ts'
import { balanceLoss } from './statistics.ts'

export interface SmlpOptions {
  readonly vocabulary: number
  /** Width; a `dim` where it scales. */
  readonly d: nn.Size
  /** Tokens of a window: a spatial matrix has that many rows and columns. */
  readonly time: number
  /** gMLP blocks, which come first. */
  readonly dense: number
  /** Sparse blocks, behind them. 0: gMLP. */
  readonly sparse: number
  /** Features before the gates; 4·d by default. */
  readonly hidden?: nn.Size
  /** Of a sparse block: parts of the gate's features, each with a spatial matrix. Default 4. */
  readonly chunks?: number
  /** Of a sparse block: feed-forward nets, of which a token goes through those that the router says. Default 4. */
  readonly experts?: number
  /** Of tokens. Default `baseRouter()`, as in the paper. */
  readonly router?: Router
  /** Chunks choose their matrix by the first fifth of a text, whose targets are not learned, and not scored. Default: chunk i has matrix i. */
  readonly partial?: boolean
  readonly residual?: nn.Residual
  /** Rate on what each branch adds. */
  readonly dropout?: number
}

/**
 * The sparse all-MLP language model (Yu et al. 2022): gMLP blocks, then sparse ones, a norm, and the embedding's table as readout. No positions are embedded. Parameters `embedding`, `dense`,
 * `sparse` (stacked over the blocks), `norm`, `out`. With `sparse: 0` it is gMLP (Liu et al. 2021).
 * @throws SmlpError for sizes that do not divide, and where there is no block
 */
export function smlpLm(options: SmlpOptions): LanguageModel {
  const {
    vocabulary,
    d,
    time,
    dense,
    sparse,
    hidden = nn.times(d, 4),
    chunks = 4,
    experts = 4,
    router = baseRouter(),
    partial = false,
  } = options
  const rest = { ...(options.residual ? { residual: options.residual } : {}), dropout: options.dropout ?? 0 }
  if (!(dense + sparse >= 1)) throw new SmlpError('a model needs a block: give dense or sparse ones')
  const embedding = nn.embedding(vocabulary, d)
  const spatial = { length: time, hidden, chunks, ...(partial ? { routing: { router: switchRouter() } } : {}) }
  const layer = nn.sequence({
    embedding,
    ...(dense > 0 ? { dense: nn.repeat(dense, gmlpBlock(d, { length: time, hidden, ...rest })) } : {}),
    ...(sparse > 0 ? { sparse: nn.repeat(sparse, sparseBlock(d, { spatial, tokens: { experts, router }, ...rest })) } : {}),
    norm: nn.layerNorm(d),
    out: embedding.readout(),
  })
  const late = partial && sparse > 0
  return {
    layer,
    vocabulary,
    time,
    ...(sparse > 0 ? { auxiliary: balanceLoss } : {}),
    ...(late ? { scoredFrom: prefixLength(time) } : { decodes: true }),
  }
}

const ROUTERS = { base: baseRouter, switch: switchRouter, gshard: gshardRouter }

const settings = z.strictObject({
  d: z.int().min(1).default(128),
  dense: z.int().min(0).default(2),
  sparse: z.int().min(0).default(2),
  chunks: z.int().min(1).default(4),
  experts: z.int().min(1).default(4),
  router: z.enum(['base', 'switch', 'gshard']).default('base'),
  partial: z.boolean().default(false),
  dropout: z.number().min(0).max(0.9).default(0),
})

/** `smlp`: `smlpLm` by its sizes; with `sparse: 0` gMLP. */
export const smlpKind = modelKind({
  name: 'smlp',
  about: 'A sparse all-MLP: gMLP blocks, then blocks of spatial and token-wise experts; with sparse 0 it is gMLP.',
  settings,
  build: ({ router, ...s }: z.infer<typeof settings>, { vocabulary, time }) =>
    smlpLm({ ...s, router: ROUTERS[router](), vocabulary, time }),
})
