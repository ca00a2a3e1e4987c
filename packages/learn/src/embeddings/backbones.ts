/** The networks of Gorishniy et al. (2021, "Revisiting Deep Learning Models for Tabular Data"), after the embedding. */
import { add, nn, relu, reshape, slice } from '@dioramic/tensor'
import { EmbeddingError } from './error.ts'

const act = nn.fn(relu)
const linear = (from: number, to: number) => nn.linear(from, to, { init: nn.torchDefault, biasInit: nn.uniform(from ** -0.5) })
const drop = (rate: number): nn.Layer[] => (rate > 0 ? [nn.dropout(rate)] : [])

export interface MlpOptions {
  /** Widths of the hidden layers. */
  readonly widths: readonly number[]
  readonly dropout?: number
}

/** Hidden layers of [linear, ReLU, dropout], then a linear one: [batch, from] → [batch, to]. */
export function mlp(from: number, to: number, { widths, dropout = 0 }: MlpOptions): nn.Layer {
  const sizes = [from, ...widths]
  return nn.sequence(...widths.flatMap((w, i) => [linear(sizes[i]!, w), act, ...drop(dropout)]), linear(sizes.at(-1)!, to))
}

export interface ResNetOptions {
  readonly d: number
  readonly hidden: number
  readonly blocks: number
  /** After the hidden layer of a block. */
  readonly dropout?: number
  /** After a block's last layer. */
  readonly residualDropout?: number
}

/** Residual blocks with batch norm: [batch, from] → [batch, to]. */
export function resnet(from: number, to: number, { d, hidden, blocks, dropout = 0, residualDropout = 0 }: ResNetOptions): nn.Layer {
  const branch = () => nn.sequence(nn.batchNorm(d), linear(d, hidden), act, ...drop(dropout), linear(hidden, d), ...drop(residualDropout))
  return nn.sequence(linear(from, d), ...Array.from({ length: blocks }, () => residual(branch())), nn.batchNorm(d), act, linear(d, to))
}

/** x + branch(x), with the branch's state. */
const residual = (branch: nn.Layer): nn.Layer =>
  nn.layer<object, object>({
    parameters: branch.parameters as never,
    state: branch.state as never,
    apply: (p, s, x, context) => {
      const [y, next] = branch.apply(p as never, s as never, x, context)
      return [add(x, y), next as object]
    },
  })

export interface TransformerOptions {
  readonly d: number
  readonly blocks: number
  /** Hidden size of the feed-forward layers, before their gate. */
  readonly hidden: number
  /** Default 8. */
  readonly heads?: number
  readonly attentionDropout?: number
  readonly dropout?: number
  readonly residualDropout?: number
}

/**
 * FT-Transformer without its tokenizer: tokens [batch, tokens, d], the first of them CLS → [batch, to]. Norms come before the branches, but none before the first attention; the feed-forward
 * layers are gated by ReLU (ReGLU); the head reads CLS.
 */
export function transformer(to: number, o: TransformerOptions): nn.Layer {
  const { d, blocks, hidden, heads = 8, attentionDropout = 0, dropout = 0, residualDropout = 0 } = o
  if (d % heads !== 0) throw new EmbeddingError(`a transformer's size d divides into its ${heads} heads; ${d} does not`)
  const init = nn.torchDefault
  const block = (first: boolean) => {
    const attention = nn.attention(d, { heads, dropout: attentionDropout, init: { q: init, k: init, v: init, out: init } })
    const ffn = nn.ffn(d, { hidden, gated: true, activation: relu, dropout, init: { up: init, down: init } })
    return nn.sequence({
      attention: nn.preNorm(attention, first ? nn.fn(x => x) : nn.layerNorm(d), nn.dropout(residualDropout)),
      ffn: nn.preNorm(ffn, nn.layerNorm(d), nn.dropout(residualDropout)),
    })
  }
  const cls = nn.fn(x =>
    reshape(
      slice(x, [
        [0, x.shape[0]!],
        [0, 1],
      ]),
      [x.shape[0]!, d],
    ),
  )
  return nn.sequence(...Array.from({ length: blocks }, (_, i) => block(i === 0)), cls, nn.layerNorm(d), act, linear(d, to))
}
