import { abs, mean, neg, nn, relu, reshape, sub, tanh } from '@dioramic/tensor'
import { GanError } from '../error.ts'
import { net } from '../net.ts'
import { mlp } from './mlp.ts'
import type { Build } from './options.ts'

/**
 * BEGAN (Berthelot et al. 2017), fully connected: the discriminator is an autoencoder through `latent` numbers and scores a sample by minus its error, the mean of |v − D(v)|. Its loss is
 * `boundary`.
 */
export const boundaryEquilibrium: Build = options => {
  const { shape, latent = 16, outputs = 1, width = 128 } = options
  if (outputs !== 1) throw new GanError(`boundary-equilibrium: its score is an error, one a sample; the loss wants ${outputs}`)
  const d = shape.reduce((a, b) => a * b, 1)
  const line = (from: number, to: number) => nn.linear(from, to, { init: nn.kaiming() })
  const through = nn.sequence(line(d, width), nn.fn(relu), nn.linear(width, latent), line(latent, width), nn.fn(relu), nn.linear(width, d))
  return {
    ...mlp({ ...options, latent, width }),
    name: 'boundary-equilibrium',
    discriminator: net({ through }, (run, { x }) => {
      const flat = reshape(x, [x.shape[0]!, d])
      const again = run('through', flat)
      return { scores: neg(mean(abs(sub(flat, shape.length > 1 ? tanh(again) : again)), 1, true)) }
    }),
  }
}
