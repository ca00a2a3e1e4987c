/** Language models of windowed layers, some of them recurrent. */
import { mul, nn, relu } from '@dioramic/tensor'
import { z } from 'zod'
import { type LanguageModel, modelKind } from '../language/index.ts'
import { BlockRecurrentError, positive } from './error.ts'
import { matrixInit } from './heads.ts'
import { OF_VECTORS } from './rates.ts'
import { type RecurrentAttentionOptions, recurrentAttention } from './recurrent-attention.ts'
import { restart } from './restart.ts'
import { type WindowAttentionOptions, windowAttention } from './window-attention.ts'

export interface BlockRecurrentOptions extends RecurrentAttentionOptions, Pick<WindowAttentionOptions, 'gradient'> {
  readonly vocabulary: number
  readonly d: nn.Size
  readonly layers: number
  /** Tokens of a segment, a multiple of the window. */
  readonly time: number
  /** Which layers are recurrent, from 0; negative counts from the end. The paper has one, the third from the end. None: a sliding-window model or, with `gradient: 'window'`, Transformer-XL. */
  readonly recurrent: readonly number[]
  /** Rate on what attention and feed-forward nets add, but for the recurrent layers' attention. Default 0. */
  readonly dropout?: number
}

/**
 * A language model of windowed layers, some of them recurrent, with the past of `batch` texts as its state. Blocks of attention and feed-forward net (4·d, ReLU) with RMS norms before them, no
 * biases; the embedding has deviation 1 and is tied to the readout, whose input is divided by √d.
 *
 * @throws BlockRecurrentError for what its layers do not take, a segment that is no multiple of the window, or a recurrent layer that is none
 */
export function blockRecurrentLm(options: BlockRecurrentOptions): LanguageModel {
  const { vocabulary, d, layers, time, recurrent, dropout = 0, gradient = 'segment', ...attention } = options
  const { batch, heads, window } = attention
  positive('the number of layers', layers)
  positive('the window', window)
  if (!(Number.isInteger(time) && time >= 1 && time % window === 0))
    throw new BlockRecurrentError(`a segment of ${time} tokens is no multiple of the window of ${window}: choose one that is`)
  const places = new Set(recurrent.map(i => (i < 0 ? i + layers : i)))
  for (const i of places)
    if (!(Number.isInteger(i) && i >= 0 && i < layers))
      throw new BlockRecurrentError(`layer ${i} is to be recurrent, but there are layers 0 to ${layers - 1}`)
  const drop = nn.dropout(dropout)
  const block = (i: number): nn.Layer =>
    nn.sequence({
      attention: places.has(i)
        ? nn.preNorm(recurrentAttention(d, attention), nn.rmsNorm(d), nn.dropout(0))
        : nn.preNorm(windowAttention(d, { batch, heads, window, gradient }), nn.rmsNorm(d), drop),
      ffn: nn.preNorm(nn.ffn(d, { activation: relu, bias: false, init: { up: matrixInit, down: matrixInit } }), nn.rmsNorm(d), drop),
    })
  const embedding = nn.embedding(vocabulary, d, { init: nn.normal(1), ...OF_VECTORS })
  const layer = nn.sequence({
    embedding,
    blocks: nn.sequence(...Array.from({ length: layers }, (_, i) => block(i))),
    norm: nn.rmsNorm(d),
    scale: nn.fn(x => mul(x, 1 / Math.sqrt(nn.sizeOf(d)))),
    out: embedding.readout(),
  })
  return { layer, vocabulary, time, decodes: true, carried: { lanes: batch, reset: (_params, state, start) => restart(state, start) } }
}

const settings = z.strictObject({
  d: z.int().min(1).default(128),
  layers: z.int().min(1).default(4),
  heads: z.int().min(1).default(4),
  window: z.int().min(1).default(64),
  states: z.int().min(1).optional(),
  recurrent: z.array(z.int()).default([-2]),
  gate: z.enum(['fixed', 'lstm', 'gru']).default('fixed'),
  form: z.enum(['skip', 'dual', 'single']).default('skip'),
  gradient: z.enum(['segment', 'window']).default('segment'),
  dropout: z.number().min(0).max(0.9).default(0),
})

/** `block-recurrent`: `blockRecurrentLm` by its sizes. With `recurrent: []` it is a sliding-window model, and with `gradient: 'window'` as well Transformer-XL. */
export const blockRecurrentKind = modelKind({
  name: 'block-recurrent',
  about: 'A Block-Recurrent Transformer: a window of tokens, and states that are carried from block to block of a whole text.',
  settings,
  build: ({ states, ...s }: z.infer<typeof settings>, { vocabulary, time, batch }) =>
    blockRecurrentLm({ ...s, ...(states === undefined ? {} : { states }), vocabulary, time, batch }),
})
