/** The rivals as language models: every block costs a token about as many multiply–adds as the transformer's. */
import {
  attentionCost,
  baseRouter,
  ffnCost,
  gmlpBlock,
  gmlpCost,
  gshardRouter,
  hashRouter,
  PREFIX_SHARE,
  prefixLength,
  type Router,
  routerCost,
  sparseBlock,
  switchRouter,
  tokenExperts,
  tokenExpertsCost,
  tokenIds,
} from '@dioramic/learn/smlp'
import { nn } from '@dioramic/tensor'

export interface Shape {
  readonly vocabulary: number
  readonly time: number
  readonly d: number
  /** Blocks; even, as every second one of a sparse model has experts. */
  readonly layers: number
  readonly experts: number
}

export interface Arm {
  readonly layer: nn.Layer
  /** Multiply–adds of a token by formula, embedding and readout included. */
  readonly cost: number
  /** First position whose target is learned. */
  readonly scoredFrom: number
  /** Learning rate of its family. */
  readonly lr: number
}

/** Where the experts of tokens come from in each arm that has them. */
const ROUTERS = ['switch', 'gshard', 'base', 'hash'] as const
export const ARMS = ['transformer', 'gMLP', ...ROUTERS, 'sMLP deterministic', 'sMLP partial'] as const
/** The control: chunks that choose their expert by all positions know the future. */
export const NAIVE = 'chunks routed by the whole text'
export type ArmName = (typeof ARMS)[number] | typeof NAIVE

/** The best of 3e-3, 6e-3 and 1e-2 for the dense model of each family (1,000 updates on another text, one seed). */
const RATES = { transformer: 3e-3, mlp: 1e-2 }

/**
 * @param hash the expert of each token, for the arm `hash`
 * @param input a layer for the embedded tokens to go through first
 */
export function armOf(name: ArmName, { vocabulary, time, d, layers, experts }: Shape, hash: readonly number[], input?: nn.Layer): Arm {
  const ids = tokenIds()
  const embedding = nn.embedding(vocabulary, d)
  const model = (blocks: nn.Layer, positions: boolean) =>
    nn.sequence({
      ids,
      embedding,
      ...(input ? { input } : {}),
      ...(positions ? { positions: nn.learnedPositions(time, d) } : {}),
      blocks,
      norm: nn.layerNorm(d),
      out: embedding.readout(),
    })
  const readout = d * vocabulary
  const half = layers / 2
  const wide = 4 * d

  const attention = () => nn.attention(d, { heads: 4, causal: true })
  const dense = nn.block({ d, attention: attention(), ffn: nn.ffn(d) })
  const mixed = attentionCost({ d, time })
  const denseCost = mixed + ffnCost({ d, hidden: wide })
  if (name === 'transformer')
    return { layer: model(nn.repeat(layers, dense), true), cost: layers * denseCost + readout, scoredFrom: 0, lr: RATES.transformer }

  const router: Router =
    name === 'switch'
      ? switchRouter()
      : name === 'gshard'
        ? gshardRouter()
        : name === 'hash'
          ? hashRouter({ ids, table: hash })
          : baseRouter()
  if (name === 'switch' || name === 'gshard' || name === 'base' || name === 'hash') {
    // Two experts a token are half as wide and twice as many: equal multiply–adds, equal parameters.
    const choices = router.choices(experts)
    const mixture = { experts: experts * choices, hidden: wide / choices, router }
    const sparse = nn.block({ d, attention: attention(), ffn: tokenExperts(d, mixture) })
    const cost = mixed + tokenExpertsCost({ d, ...mixture })
    return {
      layer: model(nn.repeat(half, nn.sequence({ dense, sparse })), true),
      cost: half * (denseCost + cost) + readout,
      scoredFrom: 0,
      lr: RATES.transformer,
    }
  }

  const step = 2 * experts
  const widthFor = (cost: number) => Math.round(cost / gmlpCost({ d, hidden: 1, time }) / step) * step
  const hidden = widthFor(denseCost)
  const block = gmlpBlock(d, { hidden, length: time })
  const blockCost = gmlpCost({ d, hidden, time })
  if (name === 'gMLP')
    return { layer: model(nn.repeat(layers, block), false), cost: layers * blockCost + readout, scoredFrom: 0, lr: RATES.mlp }

  const chunks = experts
  const narrow = widthFor(denseCost - ffnCost({ d, hidden: wide }))
  const tokens = { experts, hidden: wide, router }
  const routed = name !== 'sMLP deterministic'
  const byPrefix = name === 'sMLP partial'
  const chunkRouter = switchRouter()
  const sparse = sparseBlock(d, {
    spatial: {
      hidden: narrow,
      length: time,
      chunks,
      ...(routed ? { routing: { router: chunkRouter, prefix: byPrefix ? PREFIX_SHARE : 1 } } : {}),
    },
    tokens,
  })
  const routing = routed ? (chunks * routerCost(chunkRouter, narrow / 2 / chunks, experts)) / time : 0
  const sparseCost = gmlpCost({ d, hidden: narrow, time }) + routing + tokenExpertsCost({ d, ...tokens })
  return {
    layer: model(nn.sequence({ dense: nn.repeat(half, block), sparse: nn.repeat(half, sparse) }), false),
    cost: half * (blockCost + sparseCost) + readout,
    scoredFrom: byPrefix ? prefixLength(time) : 0,
    lr: RATES.mlp,
  }
}
