import {
  add,
  and,
  broadcastTo,
  constant,
  fork,
  less,
  mul,
  nn,
  randomInt,
  randomNormal,
  randomUniform,
  reshape,
  slice,
  sub,
  type Tensor,
  where,
} from '@dioramic/tensor'
import type { Latent, Pass, Samples } from '../contracts.ts'
import { equalConv, equalLinear } from '../layers/equalised.ts'
import { pixelNoise } from '../layers/noise.ts'
import { adaptiveInstanceNorm, down, leaky, pixelNorm, pyramidOf, up, withDeviation } from '../layers/pictures.ts'
import { runningMean } from '../layers/running-mean.ts'
import { net } from '../net.ts'
import type { Build, BuildOptions } from './options.ts'

export interface StyleOptions extends BuildOptions {
  /** Layers from z to w. Default 4; the paper's is 8. */
  readonly mapping?: number
  /** Share of training samples whose style changes to another's at some layer. Default 0.5. */
  readonly mixing?: number
}

/**
 * StyleGAN (Karras et al. 2019) in small: a mapping net z → w at a hundredth of the rate, a learned constant as input, adaptive instance norm by w and noise a pixel after every
 * convolution, mixed styles, and truncation towards the mean of w (`psi`). The discriminator is that of `progressive` at full size.
 */
export const style: Build<StyleOptions> = ({ shape, latent = 32, outputs = 1, width = 16, mapping = 4, mixing = 0.5 }) => {
  const { channels, base, levels } = pyramidOf('style', shape)
  const layers = 2 * (levels + 1)
  const grow: Record<string, nn.Layer> = {
    map: nn.sequence(...Array.from({ length: mapping }, () => [equalLinear(latent, latent, { rate: 0.01 }), nn.fn(leaky)]).flat()),
    mean: runningMean(latent),
    start: nn.layer<{ value: Tensor }>({
      parameters: { value: nn.free([width, base, base], nn.ones) },
      apply: ({ value }, _s, x) => broadcastTo(value, [x.shape[0]!, width, base, base]),
    }),
    rgb: equalConv(width, channels, 1, { gain: 1 }),
  }
  const shrink: Record<string, nn.Layer> = {
    from: equalConv(channels, width, 1),
    last: equalConv(width + 1, width, 3),
    score: equalLinear(width * base * base, outputs, { gain: 1 }),
  }
  for (let i = 0; i < layers; i++) {
    grow[`style${i}`] = equalLinear(latent, 2 * width, { gain: 1 })
    grow[`noise${i}`] = pixelNoise(width)
    if (i > 0) grow[`conv${i}`] = equalConv(width, width, 3)
  }
  for (let k = 1; k <= levels; k++) shrink[`down${k}`] = equalConv(width, width, 3)

  /** For each sample whether layer i has the second style: from a layer at random on, of a share of samples. */
  const second = (key: Tensor, n: number, i: number): Tensor => {
    const from = randomInt(fork(key, 'crossover'), [n, 1], 1, layers)
    return and(less(randomUniform(fork(key, 'mixed'), [n, 1]), mixing), less(from, constant(i + 1, 'i64')))
  }
  return {
    name: 'style',
    shape,
    latent,
    outputs,
    generator: net(grow, (run, { z }: Latent, pass: Pass): Samples => {
      const n = z.shape[0]!
      let w = run('map', pixelNorm(z))
      const mean = run('mean', w)
      if (pass.truncation) w = add(mean, mul(sub(w, mean), pass.truncation))
      const key = pass.train ? pass.key : undefined
      const other = key && run('map', pixelNorm(randomNormal(fork(key, 'second'), z.shape)))
      const layer = (i: number, x: Tensor): Tensor => {
        const s = run(`style${i}`, key && other ? where(broadcastTo(second(key, n, i), w.shape), other, w) : w)
        return adaptiveInstanceNorm(leaky(run(`noise${i}`, x)), add(slice(s, [null, [0, width]]), 1), slice(s, [null, [width]]))
      }
      let h = layer(1, run('conv1', layer(0, run('start', z))))
      for (let k = 1; k <= levels; k++) h = layer(2 * k + 1, run(`conv${2 * k + 1}`, layer(2 * k, run(`conv${2 * k}`, up(h)))))
      return { x: run('rgb', h), z }
    }),
    discriminator: net(shrink, (run, { x }: Samples) => {
      let h = leaky(run('from', x))
      for (let k = levels; k >= 1; k--) h = down(leaky(run(`down${k}`, h)))
      const features = reshape(leaky(run('last', withDeviation(h))), [x.shape[0]!, -1])
      return { scores: run('score', features), features }
    }),
  }
}
