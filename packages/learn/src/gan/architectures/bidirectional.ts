import { concat, nn, reshape, type Tensor, tanh } from '@dioramic/tensor'
import type { Latent, Samples } from '../contracts.ts'
import { leaky } from '../layers/pictures.ts'
import { net } from '../net.ts'
import type { Build } from './options.ts'

const hidden = (from: number, width: number) =>
  nn.sequence(nn.linear(from, width, { init: nn.kaiming() }), nn.fn(leaky), nn.linear(width, width, { init: nn.kaiming() }), nn.fn(leaky))

/**
 * Bidirectional GAN (Donahue et al. 2017; Dumoulin et al. 2017), fully connected: the discriminator judges pairs, (x, E(x)) against (G(z), z), so that the encoder E learns to invert the
 * generator. Encoder and generator play on one side.
 */
export const bidirectional: Build = ({ shape, latent = 8, outputs = 1, width = 128 }) => {
  const d = shape.reduce((a, b) => a * b, 1)
  const flat = (x: Tensor) => reshape(x, [x.shape[0]!, -1])
  const parts = { body: hidden(latent, width), out: nn.linear(width, d), look: hidden(d, width), code: nn.linear(width, latent) }
  const encoder = net(parts, (run, x: Tensor) => run('code', run('look', flat(x))))
  return {
    name: 'bidirectional',
    shape,
    latent,
    outputs,
    bothSides: true,
    generator: net(parts, (run, { z }: Latent): Samples => {
      const y = reshape(run('out', run('body', z)), [z.shape[0]!, ...shape])
      return { x: shape.length > 1 ? tanh(y) : y, z }
    }),
    // No part has state.
    encode: (params, x, pass) => encoder.apply(params, encoder.state as never, x, pass)[0],
    discriminator: net({ body: hidden(d + latent, width), score: nn.linear(width, outputs) }, (run, { x, z }: Samples) => {
      const features = run('body', concat([flat(x), z!], 1))
      return { scores: run('score', features), features }
    }),
  }
}
