/** Layers at an equalised learning rate: weights of deviation 1, scaled by gain/√fan-in where they are used (Karras et al. 2018). */
import { mul, nn, type Tensor } from '@dioramic/tensor'

/** A layer with its weights drawn standard normal and scaled in use; `rate` scales rate and use alike (0.01 in a mapping net). */
function equalised(of: nn.Layer, fanIn: number, gain: number, rate: number): nn.Layer {
  const { w, ...rest } = of.parameters as { readonly w: nn.Parameter; readonly b?: nn.Parameter }
  return nn.layer<{ w: Tensor; b?: Tensor }>({
    parameters: { w: w.withInit(() => nn.normal(1 / rate)), ...rest },
    apply: (p, _state, x, context) =>
      of.apply({ w: mul(p.w, (rate * gain) / Math.sqrt(fanIn)), ...(p.b ? { b: mul(p.b, rate) } : {}) }, {}, x, context)[0],
  })
}

export const equalLinear = (from: number, to: number, { gain = Math.SQRT2, rate = 1, biasInit = nn.zeros } = {}): nn.Layer =>
  equalised(nn.linear(from, to, { biasInit }), from, gain, rate)

export const equalConv = (from: number, to: number, size: number, { gain = Math.SQRT2 } = {}): nn.Layer =>
  equalised(nn.conv2d(from, to, size, { padding: (size - 1) / 2 }), from * size * size, gain, 1)
