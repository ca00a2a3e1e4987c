import { concat, nn, oneHot, relu, reshape, type Tensor, tanh } from '@dioramic/tensor'
import type { Latent, Samples } from '../contracts.ts'
import { net } from '../net.ts'
import type { Build, BuildOptions } from './options.ts'

export interface MlpOptions extends BuildOptions {
  /** Hidden layers of each net. Default 2. */
  readonly depth?: number
  /** What the generator's last layer goes through: tanh for pictures, nothing for points. By default after the shape's rank. */
  readonly bounded?: boolean
}

const stack = (from: number, width: number, depth: number) =>
  nn.sequence(
    ...Array.from({ length: depth }, (_, i) => [nn.linear(i === 0 ? from : width, width, { init: nn.kaiming() }), nn.fn(relu)]).flat(),
  )

/**
 * Fully connected nets (Goodfellow et al. 2014). With classes both are told the class (Mirza & Osindero 2014): one-hot, beside the latent and beside the sample.
 */
export const mlp: Build<MlpOptions> = ({ shape, latent = 2, outputs = 1, classes, width = 128, depth = 2, bounded = shape.length > 1 }) => {
  const d = shape.reduce((a, b) => a * b, 1)
  const told = (x: Tensor, labels: Tensor | undefined) => (classes === undefined ? x : concat([x, oneHot(labels!, classes)], 1))
  const extra = classes ?? 0
  return {
    name: classes === undefined ? 'mlp' : 'conditional mlp',
    shape,
    latent,
    outputs,
    ...(classes === undefined ? {} : { classes }),
    generator: net({ body: stack(latent + extra, width, depth), out: nn.linear(width, d) }, (run, { z, labels }: Latent): Samples => {
      const y = reshape(run('out', run('body', told(z, labels))), [z.shape[0]!, ...shape])
      return { x: bounded ? tanh(y) : y, labels, z }
    }),
    discriminator: net({ body: stack(d + extra, width, depth), score: nn.linear(width, outputs) }, (run, { x, labels }: Samples) => {
      const features = run('body', told(reshape(x, [x.shape[0]!, -1]), labels))
      return { scores: run('score', features), features }
    }),
  }
}
