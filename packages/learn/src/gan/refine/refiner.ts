/**
 * Refining rendered pictures towards the look of others, labels kept (after SimGAN, Shrivastava et al. 2017): the generator changes a render, the discriminator tells local patches of refined
 * and of real pictures apart, and what is refined has to stay what it was. It is an architecture like any other, trained by the one trainer: a batch holds a target picture and a render that
 * have nothing to do with each other, one behind the other in the channels.
 */
import {
  abs,
  add,
  avgPool,
  broadcastTo,
  concat,
  div,
  fork,
  leakyRelu,
  mean,
  mul,
  nn,
  optim,
  randomNormal,
  relu,
  reshape,
  slice,
  sqrt,
  sub,
  type Tensor,
  transpose,
} from '@dioramic/tensor'
import type { Architecture, Latent, Samples } from '../contracts.ts'
import { GanError } from '../error.ts'
import { net } from '../net.ts'

export interface RefinerOptions {
  /** Pixels of what it is trained on; what it refines may have any size. Multiples of 2. */
  readonly height: number
  readonly width: number
  /** Of each picture. Default 3. */
  readonly channels?: number
  /** Features of both nets. Default 16. */
  readonly features?: number
  /** Residual blocks of it. Default 1: a pixel depends on what is at most 3 pixels away, so that nothing can be moved far. */
  readonly blocks?: number
  /** Weight of staying what it was. Default 2. */
  readonly keep?: number
}

/** Numbers of a latent: what differs from picture to picture, such as exposure. */
const LATENT = 4

/**
 * A refined picture is the render, plus a shift of each pixel, plus noise of a strength of each pixel's own: a look has grain, and grain must come from chance. The render that it came from is
 * its `z`, flat.
 */
export function refiner({ height, width, channels = 3, features = 16, blocks = 1, keep = 2 }: RefinerOptions): Architecture {
  if (height % 2 !== 0 || width % 2 !== 0) throw new GanError(`the refiner's pictures have even edges, not ${width} × ${height}`)
  const conv = (from: number, to: number) => nn.conv2d(from, to, 3, { padding: 1, init: nn.kaiming() })
  const names = Array.from({ length: blocks }, (_, i) => i)
  const unit = (i: number) => ({ [`in${i}`]: conv(features, features), [`out${i}`]: conv(features, features) })
  const generator = net<Latent, Samples, Record<string, nn.Layer>>(
    {
      first: conv(channels + LATENT, features),
      ...Object.assign({}, ...names.map(unit)),
      // It starts as the picture itself with a little grain: without any, no slope says that there should be some.
      shift: nn.conv2d(features, channels, 1, { init: nn.zeros }),
      grain: nn.conv2d(features, channels, 1, { init: nn.normal(0.01) }),
    },
    (run, { z, real }, pass) => {
      const render = slice(real!, [null, [channels, 2 * channels]])
      const [n, , h, w] = render.shape as [number, number, number, number]
      const mood = broadcastTo(reshape(z, [n, LATENT, 1, 1]), [n, LATENT, h, w])
      let y = relu(run('first', concat([render, mood], 1)))
      for (const i of names) y = relu(add(y, run(`out${i}`, relu(run(`in${i}`, y)))))
      const still = add(render, run('shift', y))
      return {
        x: pass.key ? add(still, mul(run('grain', y), randomNormal(fork(pass.key, 'grain'), still.shape))) : still,
        z: reshape(render, [n, -1]),
      }
    },
  )
  const discriminator = net<Samples, { scores: Tensor }, Record<string, nn.Layer>>(
    {
      fine: conv(channels, features),
      coarse: nn.conv2d(features, 2 * features, 4, { stride: 2, padding: 1, init: nn.kaiming() }),
      far: conv(2 * features, 2 * features),
      score: nn.conv2d(2 * features, 1, 1),
    },
    (run, { x }) => {
      let y = x
      for (const part of ['fine', 'coarse', 'far']) y = leakyRelu(run(part, y), 0.2)
      const map = run('score', y)
      // One score a patch of 10 × 10 pixels: each counts as a sample.
      return { scores: reshape(transpose(map, [0, 2, 3, 1]), [-1, 1]) }
    },
  )
  return {
    name: 'refiner',
    shape: [2 * channels, height, width],
    latent: LATENT,
    outputs: 1,
    generator,
    discriminator,
    present: ({ x }) => ({ x: slice(x, [null, [0, channels]]) }),
    generatorTerm: ({ fake }) => {
      const off = sub(form(fake.x), form(reshape(fake.z!, fake.x.shape)))
      return mul(mean(abs(off)), keep)
    },
  }
}

/** What refiners are trained with: the discriminator slower than the refiner, which starts where it wants to be near. */
export const refinerRules = () => {
  const adam = (lr: number) => optim.adam({ lr, betas: [0.5, 0.99] })
  return { generator: optim.chain(adam(2e-3), optim.ema(0.98)), discriminator: optim.chain(adam(1e-3)) }
}

/** What is to stay: each channel of each picture without its mean and deviation, at half the size. Exposure, colour cast, contrast and grain may change, what is where may not. */
function form(x: Tensor): Tensor {
  const small = avgPool(x, 2)
  const off = sub(small, mean(small, [2, 3], true))
  return div(off, sqrt(add(mean(mul(off, off), [2, 3], true), 1e-4)))
}
