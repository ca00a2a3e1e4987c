/** Scaled dot-product attention of several heads (Vaswani et al. 2017), over a whole text or one token at a time. */
import { TensorError } from '../error.ts'
import type { Tensor } from '../graph/tensor.ts'
import { broadcastTo, causalMask, constant, equal, expandDims, iota, lessEqual, reshape, softmax, where } from '../ops/index.ts'
import type { Context } from './context.ts'
import { type Size, sizeOf, times } from './dim.ts'
import { positionOf } from './embedding.ts'
import { headsOf, type Output } from './heads.ts'
import { type Layer, layer } from './layer.ts'
import { bias, fanIn, type Init, type Part, statistic, weight } from './parameter.ts'

export interface AttentionOptions {
  /** A `Dim` where heads become more as the model grows, and stay of one size. */
  readonly heads: Size
  /** Tokens see themselves and what is before them. Default false. */
  readonly causal?: boolean
  /** Rate on the attention weights. */
  readonly dropout?: number
  readonly bias?: boolean
  /** Inits of queries, keys, values and the output matrix. By default normal of variance 1 / fan-in. */
  readonly init?: { readonly q?: Init; readonly k?: Init; readonly v?: Init; readonly out?: Init }
}

/** What is taken for −∞: its exponential is 0 in f32, and no difference of two is NaN. */
const MASKED = -1e30

interface Params extends Output {
  readonly qkv: Tensor
  readonly qkvBias?: Tensor
}

/**
 * Self-attention of x [batch, time, d]. Parameters `qkv` [d, 3·d] (parts `q`, `k`, `v`, each head after head), `out` [d, d] and biases. Its use `attention` is scaled by 1/√head size
 * unless a parametrisation says otherwise. The decoder keeps keys and values of [batch, heads, length, head size].
 */
export function attention(d: Size, options: AttentionOptions): Layer {
  const { causal = false, dropout = 0, bias: biased = true, init = {} } = options
  const heads = sizeOf(options.heads)
  const n = sizeOf(d)
  const { size: head, project: projected, logits: logitsOf, finish } = headsOf('attention', d, options.heads, dropout)
  const parts: Part[] = (['q', 'k', 'v'] as const).map(name => ({ name, init: init[name] ?? fanIn() }))
  const wide = times(d, 3)
  const parameters = {
    qkv: weight([d, wide], { parts, fanOut: [d] }),
    out: weight([d, d], init.out ? { init: init.out } : {}),
    ...(biased ? { qkvBias: bias(wide), outBias: bias(d) } : {}),
  }
  const project = (p: Params, x: Tensor, context: Context) =>
    projected(x, p.qkv, p.qkvBias, d, 3, context) as readonly [Tensor, Tensor, Tensor]
  return layer<Params>({
    parameters,
    apply: (p, _state, x, context) => {
      if (x.rank !== 3) throw new TensorError(`attention takes [batch, time, ${n}], not [${x.shape.join(',')}]`)
      const [q, k, v] = project(p, x, context)
      const logits = logitsOf(q, k, context)
      const masked = (value: number) => (causal ? where(causalMask(x.shape[1]!), logits, constant(value)) : logits)
      context.observe(masked(0), 'logits')
      const seen = masked(MASKED)
      return finish(p, softmax(seen), v, context)
    },
    decoder: ({ batch, length }) => {
      if (!causal) throw new TensorError('only causal attention can be decoded token by token')
      return layer<Params, { keys: Tensor; values: Tensor }>({
        parameters,
        state: { keys: statistic([batch, heads, length, head]), values: statistic([batch, heads, length, head]) },
        apply: (p, state, x, context) => {
          const [q, k, v] = project(p, x, context)
          if (x.shape[1] !== 1) throw new TensorError(`a decoder takes one token at a time, not ${x.shape[1]}`)
          const here = reshape(equal(iota(length), positionOf(context)), [length, 1])
          const keys = where(here, broadcastTo(k, state.keys.shape), state.keys)
          const values = where(here, broadcastTo(v, state.values.shape), state.values)
          const logits = logitsOf(q, keys, context)
          const seen = where(expandDims(lessEqual(iota(length), positionOf(context)), 0), logits, constant(MASKED))
          return [finish(p, softmax(seen), values, context), { keys, values }]
        },
      })
    },
  })
}
