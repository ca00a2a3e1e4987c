/** Scaled dot-product attention of several heads (Vaswani et al. 2017), over a whole text or one token at a time. */
import { TensorError } from '../error.ts'
import type { Tensor } from '../graph/tensor.ts'
import {
  add,
  broadcastTo,
  causalMask,
  constant,
  equal,
  expandDims,
  iota,
  lessEqual,
  matmul,
  mul,
  reshape,
  slice,
  softmax,
  transpose,
  where,
} from '../ops/index.ts'
import { dropout as drop } from '../random/ops.ts'
import type { Context } from './context.ts'
import { type Size, sizeOf, times } from './dim.ts'
import { positionOf } from './embedding.ts'
import { type Layer, layer } from './layer.ts'
import { bias, fanIn, type Init, type Part, statistic, weight } from './parameter.ts'

export interface AttentionOptions {
  readonly heads: number
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

interface Params {
  readonly qkv: Tensor
  readonly out: Tensor
  readonly qkvBias?: Tensor
  readonly outBias?: Tensor
}

/**
 * Self-attention of x [batch, time, d]. Parameters `qkv` [d, 3·d] (parts `q`, `k`, `v`, each head after head), `out` [d, d] and biases. Its use `attention` is scaled by 1/√head size
 * unless a parametrisation says otherwise. The decoder keeps keys and values of [batch, heads, length, head size].
 */
export function attention(d: Size, options: AttentionOptions): Layer {
  const { heads, causal = false, dropout = 0, bias: biased = true, init = {} } = options
  const n = sizeOf(d)
  if (n % heads !== 0) throw new TensorError(`attention: a width of ${n} does not divide into ${heads} heads`)
  const head = n / heads
  const headSize: Size = typeof d === 'number' || d.base % heads !== 0 ? head : { name: `${d.name}/head`, size: head, base: d.base / heads }
  const parts: Part[] = (['q', 'k', 'v'] as const).map(name => ({ name, init: init[name] ?? fanIn() }))
  const wide = times(d, 3)
  const parameters = {
    qkv: weight([d, wide], { parts, fanOut: [d] }),
    out: weight([d, d], init.out ? { init: init.out } : {}),
    ...(biased ? { qkvBias: bias(wide), outBias: bias(d) } : {}),
  }
  const scale = (context: Context) => context.multiplier?.({ kind: 'attention', dims: [headSize] }) ?? 1 / Math.sqrt(head)
  const hidden = (x: Tensor, context: Context) => {
    const k = context.multiplier?.({ kind: 'hidden', dims: [d, d] }) ?? 1
    return k === 1 ? x : mul(x, constant(k))
  }
  /** q, k, v, each [batch, heads, time, head]. */
  const project = (p: Params, x: Tensor, context: Context): readonly Tensor[] => {
    const [batch, time] = x.shape as [number, number]
    const y = hidden(matmul(x, p.qkv), context)
    const all = transpose(reshape(p.qkvBias ? add(y, p.qkvBias) : y, [batch, time, 3, heads, head]), [2, 0, 3, 1, 4])
    return [0, 1, 2].map(i => reshape(slice(all, [[i, i + 1]]), [batch, heads, time, head]))
  }
  const finish = (p: Params, a: Tensor, v: Tensor, context: Context): Tensor => {
    const kept = dropout > 0 && context.train ? drop(a, dropout, context.needKey('attention dropout')) : a
    const y = matmul(kept, v)
    const [batch, , time] = y.shape as [number, number, number]
    const flat = reshape(transpose(y, [0, 2, 1, 3]), [batch, time, n])
    const z = hidden(matmul(flat, p.out), context)
    return p.outBias ? add(z, p.outBias) : z
  }
  return layer<Params>({
    parameters,
    apply: (p, _state, x, context) => {
      if (x.rank !== 3) throw new TensorError(`attention takes [batch, time, ${n}], not [${x.shape.join(',')}]`)
      const [q, k, v] = project(p, x, context) as [Tensor, Tensor, Tensor]
      const logits = mul(matmul(q, k, { transB: true }), constant(scale(context)))
      const seen = causal ? where(causalMask(x.shape[1]!), logits, constant(MASKED)) : logits
      return finish(p, softmax(seen), v, context)
    },
    decoder: ({ batch, length }) => {
      if (!causal) throw new TensorError('only causal attention can be decoded token by token')
      return layer<Params, { keys: Tensor; values: Tensor }>({
        parameters,
        state: { keys: statistic([batch, heads, length, head]), values: statistic([batch, heads, length, head]) },
        apply: (p, state, x, context) => {
          const [q, k, v] = project(p, x, context) as [Tensor, Tensor, Tensor]
          if (x.shape[1] !== 1) throw new TensorError(`a decoder takes one token at a time, not ${x.shape[1]}`)
          const here = reshape(equal(iota(length), positionOf(context)), [length, 1])
          const keys = where(here, broadcastTo(k, state.keys.shape), state.keys)
          const values = where(here, broadcastTo(v, state.values.shape), state.values)
          const logits = mul(matmul(q, keys, { transB: true }), constant(scale(context)))
          const seen = where(expandDims(lessEqual(iota(length), positionOf(context)), 0), logits, constant(MASKED))
          return [finish(p, softmax(seen), values, context), { keys, values }]
        },
      })
    },
  })
}
