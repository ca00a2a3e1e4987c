/** Attention of one text to another (Vaswani et al. 2017), and the model that needs it: an encoder and a decoder that reads what the encoder gives. */
import { TensorError } from '../error.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { Tree } from '../graph/tree.ts'
import { slice, softmax } from '../ops/index.ts'
import type { AttentionOptions } from './attention.ts'
import { type Size, sizeOf, times } from './dim.ts'
import { headsOf, type Output } from './heads.ts'
import { type Layer, layer } from './layer.ts'
import { bias, fanIn, weight } from './parameter.ts'

export interface CrossAttentionOptions extends Omit<AttentionOptions, 'causal'> {
  /** Width of the memory; by default that of the queries. */
  readonly memory?: Size
}

interface Params extends Output {
  readonly q: Tensor
  readonly kv: Tensor
  readonly qBias?: Tensor
  readonly kvBias?: Tensor
}

/**
 * Attention of x [batch, time, d] to the context's `memory` [batch, other time, m], all of which each position sees. Parameters `q` [d, d] (part `q`), `kv` [m, 2·d] (parts `k`, `v`),
 * `out` [d, d] and biases. Tokens that come one by one need the memory each time.
 */
export function crossAttention(d: Size, options: CrossAttentionOptions): Layer {
  const { heads, dropout = 0, bias: biased = true, init = {}, memory: m = d } = options
  const { project, logits, finish } = headsOf('crossAttention', d, heads, dropout)
  const wide = times(d, 2)
  return layer<Params>({
    parameters: {
      q: weight([d, d], { parts: [{ name: 'q', init: init.q ?? fanIn() }] }),
      kv: weight([m, wide], { parts: (['k', 'v'] as const).map(name => ({ name, init: init[name] ?? fanIn() })), fanOut: [d] }),
      out: weight([d, d], init.out ? { init: init.out } : {}),
      ...(biased ? { qBias: bias(d), kvBias: bias(wide), outBias: bias(d) } : {}),
    },
    apply: (p, _state, x, context) => {
      const { memory } = context
      if (!memory)
        throw new TensorError('crossAttention reads a memory: put it into the decoder of an encoderDecoder, or call apply with { memory }')
      const want = [x.shape[0], memory.shape[1], sizeOf(m)]
      if (x.rank !== 3 || memory.rank !== 3 || want.some((n, i) => n !== memory.shape[i]))
        throw new TensorError(
          `crossAttention takes [batch, time, ${sizeOf(d)}] and a memory [batch, other time, ${sizeOf(m)}], not [${x.shape.join(',')}] and [${memory.shape.join(',')}]`,
        )
      const [q] = project(x, p.q, p.qBias, d, 1, context) as readonly [Tensor]
      const [k, v] = project(memory, p.kv, p.kvBias, m, 2, context) as readonly [Tensor, Tensor]
      const seen = logits(q, k, context)
      context.observe(seen, 'logits')
      return finish(p, softmax(seen), v, context)
    },
  })
}

/**
 * An encoder and a decoder as one layer of both texts: x [batch, source + time, …], of which the first `source` tokens go into the encoder and the others into the decoder, where
 * `crossAttention` reads the encoder's output. Returns the decoder's output. Parameters under `encoder` and `decoder`.
 */
export function encoderDecoder({
  encoder,
  decoder,
  source,
}: {
  readonly encoder: Layer
  readonly decoder: Layer
  /** Tokens of the encoder's text. */
  readonly source: number
}): Layer {
  type Two = { readonly encoder: Tree<Tensor>; readonly decoder: Tree<Tensor> }
  return layer<Two, Two>({
    parameters: { encoder: encoder.parameters, decoder: decoder.parameters },
    state: { encoder: encoder.state, decoder: decoder.state },
    apply: (p, state, x, context) => {
      if (!(x.rank >= 2 && x.shape[1]! > source))
        throw new TensorError(
          `encoderDecoder takes [batch, ${source} tokens of the source, then those of the target], not [${x.shape.join(',')}]`,
        )
      const [memory, e] = encoder.apply(p.encoder, state.encoder, slice(x, [null, [0, source]]), context.fork(0, 'encoder'))
      const [y, d] = decoder.apply(p.decoder, state.decoder, slice(x, [null, [source]]), context.fork(1, 'decoder').withMemory(memory))
      return [y, { encoder: e, decoder: d }]
    },
    decoder: () => {
      throw new TensorError('an encoderDecoder is not decoded token by token: apply it to source and the text so far')
    },
  })
}
