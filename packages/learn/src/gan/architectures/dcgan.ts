import { broadcastTo, concat, nn, oneHot, relu, reshape, tanh } from '@dioramic/tensor'
import { leaky, pyramidOf } from '../layers/pictures.ts'
import { net } from '../net.ts'
import type { Build } from './options.ts'

const init = nn.normal(0.02)

/**
 * Deep convolutional GAN (Radford et al. 2016): transposed convolutions with batch norm and ReLU up, strided ones with LeakyReLU(0.2) down, no fully connected layer, no batch norm at the
 * generator's output and the discriminator's input. With classes the class is one-hot beside the latent, and one-hot planes beside the picture.
 */
export const dcgan: Build = ({ shape, latent = 32, outputs = 1, classes, width = 16 }) => {
  const { channels, base, levels } = pyramidOf('dcgan', shape)
  const extra = classes ?? 0
  const channelsAt = (level: number) => width * 2 ** (levels - 1 - level)
  const growing: Record<string, nn.Layer> = {}
  const shrinking: Record<string, nn.Layer> = {}
  for (let i = 0; i < levels; i++) {
    const last = i === levels - 1
    growing[`norm${i}`] = nn.batchNorm(channelsAt(i))
    growing[`act${i}`] = nn.fn(relu)
    growing[`up${i}`] = nn.convTranspose(channelsAt(i), last ? channels : channelsAt(i + 1), 4, { stride: 2, padding: 1, bias: last, init })
    const to = channelsAt(levels - 1 - i)
    shrinking[`down${i}`] = nn.conv2d(i === 0 ? channels + extra : channelsAt(levels - i), to, 4, {
      stride: 2,
      padding: 1,
      bias: i === 0,
      init,
    })
    if (i > 0) shrinking[`norm${i}`] = nn.batchNorm(to)
    shrinking[`act${i}`] = nn.fn(leaky)
  }
  return {
    name: classes === undefined ? 'dcgan' : 'conditional dcgan',
    shape,
    latent,
    outputs,
    ...(classes === undefined ? {} : { classes }),
    generator: net(
      { first: nn.convTranspose(latent + extra, channelsAt(0), base, { bias: false, init }), rest: nn.sequence(growing) },
      (run, { z, labels }) => {
        const told = classes === undefined ? z : concat([z, oneHot(labels!, classes)], 1)
        return { x: tanh(run('rest', run('first', reshape(told, [z.shape[0]!, latent + extra, 1, 1])))), labels, z }
      },
    ),
    discriminator: net({ body: nn.sequence(shrinking), score: nn.conv2d(channelsAt(0), outputs, base, { init }) }, (run, { x, labels }) => {
      const n = x.shape[0]!
      const [, height, width_] = shape as [number, number, number]
      const planes =
        classes === undefined ? [] : [broadcastTo(reshape(oneHot(labels!, classes), [n, classes, 1, 1]), [n, classes, height, width_])]
      const features = run('body', planes.length ? concat([x, ...planes], 1) : x)
      return { scores: reshape(run('score', features), [n, outputs]), features: reshape(features, [n, -1]) }
    }),
  }
}
