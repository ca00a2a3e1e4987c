import { add, concat, nn, relu, reshape, slice, sub, type Tensor } from '@dioramic/tensor'
import type { Latent, Samples } from '../contracts.ts'
import { GanError } from '../error.ts'
import { down, leaky, up } from '../layers/pictures.ts'
import { net } from '../net.ts'
import { mlp } from './mlp.ts'
import type { Build } from './options.ts'

/**
 * LAPGAN (Denton et al. 2015) of two levels: one GAN draws the picture at half its size, another the detail h = I − up(down(I)) on top of the coarse picture that it is shown: in training a
 * real one, in sampling the first one's. Each level has its own discriminator; their scores come one under the other, [2n, outputs].
 */
export const laplacian: Build = ({ shape, latent = 16, outputs = 1, width = 64 }) => {
  const [channels, height, wide] = shape as [number, number, number]
  if (shape.length !== 3 || height % 2 || wide % 2)
    throw new GanError(`laplacian: pictures are [channels, height, width] of even sizes, not [${shape.join(', ')}]`)
  const half = latent >> 1
  const coarse = mlp({ shape: [channels, height / 2, wide / 2], latent: half, outputs, width })
  const conv = (from: number, to: number) => nn.conv2d(from, to, 3, { padding: 1, init: nn.kaiming() })
  const detail = nn.sequence(
    conv(channels + 1, width / 4),
    nn.fn(relu),
    conv(width / 4, width / 4),
    nn.fn(relu),
    nn.conv2d(width / 4, channels, 3, { padding: 1 }),
  )
  const critic = nn.sequence(
    conv(2 * channels, width / 4),
    nn.fn(leaky),
    nn.conv2d(width / 4, width / 4, 4, { stride: 2, padding: 1 }),
    nn.fn(leaky),
    nn.flatten,
  )
  const plane = height * wide
  const of = (name: 'generator' | 'discriminator') =>
    nn.layer<object, object>({
      parameters: coarse[name].parameters as object,
      state: coarse[name].state as object,
      apply: (_p, _s, x) => x,
    })
  const parts = { coarse: of('generator'), seed: nn.linear(latent - half, plane), detail }
  const judges = { coarse: of('discriminator'), body: critic, score: nn.linear((width / 4) * (plane / 4), outputs) }
  const shell = net(parts, (run, input: { z: Tensor; guide: Tensor }) => {
    const seed = reshape(run('seed', input.z), [input.z.shape[0]!, 1, height, wide])
    return run('detail', concat([input.guide, seed], 1))
  })
  const judge = net(judges, (run, { x, guide }: { x: Tensor; guide: Tensor }) =>
    run('score', run('body', concat([sub(x, guide), guide], 1))),
  )
  const partOf = (tree: unknown) => (tree as { coarse: never }).coarse
  const guideOf = (x: Tensor) => up(down(x))
  return {
    name: 'laplacian',
    shape,
    latent,
    outputs,
    present: real => ({ ...real, scales: [down(real.x), guideOf(real.x)] }),
    generator: {
      ...shell,
      apply: (params, state, { z, real }: Latent, pass) => {
        const [small] = coarse.generator.apply(partOf(params), partOf(state), { z: slice(z, [null, [0, half]]) }, pass)
        const guide = real ? guideOf(real) : up(small.x)
        const [h, next] = shell.apply(params, state, { z: slice(z, [null, [half]]), guide }, pass)
        return [{ x: add(guide, h), z, scales: [small.x, guide] }, next]
      },
    },
    discriminator: {
      ...judge,
      apply: (params, state, { x, scales }: Samples, pass) => {
        const [small, guide] = scales as readonly [Tensor, Tensor]
        const [onSmall] = coarse.discriminator.apply(partOf(params), partOf(state), { x: small }, pass)
        const [onDetail, next] = judge.apply(params, state, { x, guide }, pass)
        return [{ scores: concat([onSmall.scores, onDetail], 0) }, next]
      },
    },
  }
}
