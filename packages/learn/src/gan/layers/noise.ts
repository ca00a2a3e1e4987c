import { add, mul, nn, randomNormal, reshape, type Tensor } from '@dioramic/tensor'

/** Adds noise that all channels of a pixel share, each channel at a strength that is learned from 0 on (Karras et al. 2019). Without a key nothing is added. */
export const pixelNoise = (channels: number): nn.Layer =>
  nn.layer<{ strength: Tensor }>({
    parameters: { strength: nn.free([channels], nn.zeros) },
    apply: ({ strength }, _state, x, context) => {
      const key = context.maybeKey
      if (!key) return x
      const [n, , h, w] = x.shape as [number, number, number, number]
      return add(x, mul(randomNormal(key, [n, 1, h, w]), reshape(strength, [channels, 1, 1])))
    },
  })
