/** Gates: how a state takes in what was computed for it. */
import { add, matmul, mul, nn, sigmoid, sub, type Tensor } from '@dioramic/tensor'
import { OF_SCALARS } from './rates.ts'

/** `fixed`: a learned share of each channel. `lstm`: input and forget gates. `gru`: one gate, of what was read. */
export type GateKind = 'fixed' | 'lstm' | 'gru'

export interface Gate {
  readonly parameters: Record<string, nn.Parameter>
  /** The new state, from the old one c [..., d], what was computed z [..., d] and the input h [..., from] of the layer that computed it. */
  apply(params: Record<string, Tensor>, c: Tensor, z: Tensor, h: Tensor): Tensor
}

const biasInit = nn.normal(0.1)
/** Variance 0.1 / fan-in. */
const small: nn.Init = { distribution: 'truncatedNormal', scale: Math.sqrt(0.1), fan: 'in' }

/**
 * A gate on vectors of size d whose candidate was made of `from` numbers. fixed: g = σ(b), g·c + (1 − g)·z; gru: the same with g = σ(W h + b + 1); lstm: σ(W_f h + b_f + 1)·c +
 * σ(W_i h + b_i − 1)·z (Hutchins et al. 2022, section 3.2, and its code; ± 1 lean towards remembering).
 */
export function gate(kind: GateKind, from: nn.Size, d: nn.Size): Gate {
  const bias = () => nn.bias(d, { init: biasInit, ...OF_SCALARS })
  const weight = () => nn.weight([from, d], { init: small })
  const blend = (g: Tensor, c: Tensor, z: Tensor) => add(z, mul(g, sub(c, z)))
  const open = (w: Tensor, b: Tensor, h: Tensor, lean: number) => sigmoid(add(add(matmul(h, w), b), lean))
  if (kind === 'fixed') return { parameters: { bias: bias() }, apply: (p, c, z) => blend(sigmoid(p['bias']!), c, z) }
  if (kind === 'gru')
    return {
      parameters: { weight: weight(), bias: bias() },
      apply: (p, c, z, h) => blend(open(p['weight']!, p['bias']!, h, 1), c, z),
    }
  return {
    parameters: { forget: weight(), forgetBias: bias(), input: weight(), inputBias: bias() },
    apply: (p, c, z, h) => add(mul(open(p['forget']!, p['forgetBias']!, h, 1), c), mul(open(p['input']!, p['inputBias']!, h, -1), z)),
  }
}
