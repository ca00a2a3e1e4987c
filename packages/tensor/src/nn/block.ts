/** The transformer's blocks. */
import type { Tensor } from '../graph/tensor.ts'
import { gelu, mul, split } from '../ops/index.ts'
import { fn, type Residual, sequence } from './compose.ts'
import { type Size, times } from './dim.ts'
import { dropout as dropoutLayer } from './dropout.ts'
import type { Layer } from './layer.ts'
import { linear } from './linear.ts'
import { layerNorm } from './norm.ts'
import type { Init } from './parameter.ts'
import { preNorm } from './residual.ts'

export interface FfnOptions {
  /** Hidden size; 4·d by default. */
  readonly hidden?: Size
  readonly activation?: (x: Tensor) => Tensor
  /** Halves of the hidden layer: activation(one) · other (Shazeer, "GLU variants", 2020). Default false. */
  readonly gated?: boolean
  /** Rate on the hidden layer. */
  readonly dropout?: number
  readonly bias?: boolean
  readonly init?: { readonly up?: Init; readonly down?: Init }
}

/** Two linear layers with an activation (gelu unless told) between. Parameters `up` and `down`. */
export function ffn(d: Size, options: FfnOptions = {}): Layer {
  const { hidden = times(d, 4), activation = gelu, gated = false, dropout = 0, bias = true, init = {} } = options
  const act = gated
    ? fn(x => {
        const [a, g] = split(x, 2, -1) as [Tensor, Tensor]
        return mul(a, activation(g))
      })
    : fn(x => activation(x))
  return sequence({
    up: linear(d, gated ? times(hidden, 2) : hidden, { bias, ...(init.up ? { init: init.up } : {}) }),
    act,
    ...(dropout > 0 ? { drop: dropoutLayer(dropout) } : {}),
    down: linear(hidden, d, { bias, ...(init.down ? { init: init.down } : {}) }),
  })
}

export interface BlockOptions {
  readonly d: Size
  readonly attention: Layer
  /** Between the two: `crossAttention`, in a decoder that reads an encoder. */
  readonly cross?: Layer
  readonly ffn: Layer
  /** Default `preNorm`. */
  readonly residual?: Residual
  /** Makes the two norms; layer norm by default. */
  readonly norm?: (d: Size) => Layer
  /** Rate on what each branch adds. */
  readonly dropout?: number
}

/** Attention, perhaps a second one to another text, then a feed-forward net, each joined to the stream by the residual rule. Parameters `attention/{norm, branch}`, `cross/…` and `ffn/…`. */
export function block({ d, attention, cross, ffn: feedForward, residual = preNorm, norm = layerNorm, dropout = 0 }: BlockOptions): Layer {
  const joined = (branch: Layer) => residual(branch, norm(d), dropoutLayer(dropout))
  return sequence({ attention: joined(attention), ...(cross ? { cross: joined(cross) } : {}), ffn: joined(feedForward) })
}
