import { add, matmul, mul, nn, reshape, softmax, type Tensor } from '@dioramic/tensor'

/**
 * Attention between all places of a picture (Zhang et al. 2019): y = γ·o + x with o_j = v Σᵢ softmaxᵢ(f(xᵢ)ᵀ g(x_j)) h(xᵢ), γ = 0 at first, f, g and h of an eighth of the channels.
 */
export function selfAttention(channels: number): nn.Layer {
  const d = Math.max(1, Math.floor(channels / 8))
  const point = (from: number, to: number) => nn.conv2d(from, to, 1, { bias: false })
  const parts = { f: point(channels, d), g: point(channels, d), h: point(channels, d), v: point(d, channels) }
  return nn.layer<{ f: { w: Tensor }; g: { w: Tensor }; h: { w: Tensor }; v: { w: Tensor }; gamma: Tensor }>({
    parameters: {
      ...(Object.fromEntries(Object.entries(parts).map(([k, p]) => [k, p.parameters])) as {
        [K in keyof typeof parts]: { w: nn.Parameter }
      }),
      gamma: nn.free([1], nn.zeros),
    },
    apply: (p, _state, x) => {
      const [n, , h, w] = x.shape as [number, number, number, number]
      const run = (k: keyof typeof parts, y: Tensor) => parts[k].apply(p[k], {}, y)[0]
      const flat = (k: keyof typeof parts) => reshape(run(k, x), [n, d, h * w])
      // Rows are j, columns i.
      const weights = softmax(matmul(flat('g'), flat('f'), { transA: true }))
      const mixed = matmul(flat('h'), weights, { transB: true })
      return add(x, mul(run('v', reshape(mixed, [n, d, h, w])), p.gamma))
    },
  })
}
