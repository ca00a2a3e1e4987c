import { concat, nn, relu, reshape, type Tensor, tanh } from '@dioramic/tensor'
import type { Latent, Samples } from '../contracts.ts'
import { down, leaky, pixelNorm, pyramidOf, times, up, withDeviation } from '../layers/pictures.ts'
import { net } from '../net.ts'
import type { Build } from './options.ts'

const conv3 = (from: number, to: number) => nn.conv2d(from, to, 3, { padding: 1, init: nn.kaiming() })

/** MSG-GAN (Karnewar & Wang 2020): the generator makes the picture at every size, the discriminator sees all of them, so that gradients reach every level from the start. */
export const multiScale: Build = ({ shape, latent = 32, outputs = 1, width = 16 }) => {
  const { channels, base, levels } = pyramidOf('multi-scale', shape)
  const grow: Record<string, nn.Layer> = { first: nn.linear(latent, width * base * base), rgb0: nn.conv2d(width, channels, 1) }
  const shrink: Record<string, nn.Layer> = { last: conv3(width + channels + 1, width), score: nn.linear(width * base * base, outputs) }
  for (let k = 1; k <= levels; k++) {
    Object.assign(grow, { [`up${k}`]: conv3(width, width), [`rgb${k}`]: nn.conv2d(width, channels, 1) })
    shrink[`down${k}`] = conv3(k === levels ? channels : width + channels, width)
  }
  return {
    name: 'multi-scale',
    shape,
    latent,
    outputs,
    present: real => ({ ...real, scales: Array.from({ length: levels }, (_, k) => times(levels - k, down, real.x)) }),
    generator: net(grow, (run, { z }: Latent): Samples => {
      let h = relu(reshape(run('first', z), [z.shape[0]!, width, base, base]))
      const pictures = [tanh(run('rgb0', h))]
      for (let k = 1; k <= levels; k++) {
        h = pixelNorm(relu(run(`up${k}`, up(h))))
        pictures.push(tanh(run(`rgb${k}`, h)))
      }
      return { x: pictures.at(-1)!, z, scales: pictures.slice(0, -1) }
    }),
    discriminator: net(shrink, (run, { x, scales }: Samples) => {
      let h: Tensor = x
      for (let k = levels; k >= 1; k--) h = concat([down(leaky(run(`down${k}`, h))), scales![k - 1]!], 1)
      const features = reshape(leaky(run('last', withDeviation(h))), [x.shape[0]!, -1])
      return { scores: run('score', features), features }
    }),
  }
}
