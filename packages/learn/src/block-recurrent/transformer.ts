/** Language models of windowed layers, some of them recurrent. */
import { mul, nn, relu } from '@dioramic/tensor'
import { BlockRecurrentError, positive } from './error.ts'
import { matrixInit } from './heads.ts'
import { type RecurrentAttentionOptions, recurrentAttention } from './recurrent-attention.ts'
import { type WindowAttentionOptions, windowAttention } from './window-attention.ts'

export interface TransformerOptions extends RecurrentAttentionOptions, Pick<WindowAttentionOptions, 'gradient'> {
  readonly vocabulary: number
  readonly d: nn.Size
  readonly layers: number
  /** Which layers are recurrent, from 0; negative counts from the end. The paper has one, the third from the end. None: a sliding-window model or, with `gradient: 'window'`, Transformer-XL. */
  readonly recurrent: readonly number[]
  /** Rate on what attention and feed-forward nets add, but for the recurrent layers' attention. Default 0. */
  readonly dropout?: number
}

/**
 * A language model: tokens i64 [batch, time] → logits [batch, time, vocabulary], its state the past of `batch` texts. Blocks of attention and feed-forward net (4·d, ReLU) with RMS norms before
 * them, no biases; the embedding has deviation 1 and is tied to the readout, whose input is divided by √d.
 *
 * @throws BlockRecurrentError for what its layers do not take, or a recurrent layer that is none
 */
export function transformer({
  vocabulary,
  d,
  layers,
  recurrent,
  dropout = 0,
  gradient = 'segment',
  ...options
}: TransformerOptions): nn.Layer {
  positive('the number of layers', layers)
  const places = new Set(recurrent.map(i => (i < 0 ? i + layers : i)))
  for (const i of places)
    if (!(Number.isInteger(i) && i >= 0 && i < layers))
      throw new BlockRecurrentError(`layer ${i} is to be recurrent, but there are layers 0 to ${layers - 1}`)
  const { batch, heads, window } = options
  const feed = () => nn.ffn(d, { activation: relu, bias: false, init: { up: matrixInit, down: matrixInit } })
  const block = (i: number): nn.Layer => {
    const attention = places.has(i) ? recurrentAttention(d, options) : windowAttention(d, { batch, heads, window, gradient })
    const drop = nn.dropout(dropout)
    return nn.sequence({
      attention: nn.preNorm(attention, nn.rmsNorm(d), places.has(i) ? nn.dropout(0) : drop),
      ffn: nn.preNorm(feed(), nn.rmsNorm(d), drop),
    })
  }
  const embedding = nn.embedding(vocabulary, d, { init: nn.normal(1) })
  return nn.sequence({
    embedding,
    blocks: nn.sequence(...Array.from({ length: layers }, (_, i) => block(i))),
    norm: nn.rmsNorm(d),
    scale: nn.fn(x => mul(x, 1 / Math.sqrt(nn.sizeOf(d)))),
    out: embedding.readout(),
  })
}
