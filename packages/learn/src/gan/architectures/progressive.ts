import { abs, add, constant, minimum, mul, type nn, relu, reshape, sub, type Tensor } from '@dioramic/tensor'
import type { Latent, Pass, Samples } from '../contracts.ts'
import { equalConv, equalLinear } from '../layers/equalised.ts'
import { down, leaky, pixelNorm, pyramidOf, times, up, withDeviation } from '../layers/pictures.ts'
import { net } from '../net.ts'
import type { Build } from './options.ts'

/**
 * PROGAN (Karras et al. 2018): pixel norm, equalised rates, a deviation channel, and growth: with the training's progress the sizes fade in one after another, all done at the half of it.
 * At growth p the picture is Σ_k w_k·up(RGB_k), w_k = (1 − |p − k|)₊, which is α·new + (1 − α)·up(old) between two sizes; the discriminator reads, and real pictures come, mixed alike.
 */
export const progressive: Build = ({ shape, latent = 32, outputs = 1, width = 16 }) => {
  const { channels, base, levels } = pyramidOf('progressive', shape)
  const grow: Record<string, nn.Layer> = {
    first: equalLinear(latent, width * base * base),
    rgb0: equalConv(width, channels, 1, { gain: 1 }),
  }
  const shrink: Record<string, nn.Layer> = {
    last: equalConv(width + 1, width, 3),
    score: equalLinear(width * base * base, outputs, { gain: 1 }),
    from0: equalConv(channels, width, 1),
  }
  for (let k = 1; k <= levels; k++) {
    Object.assign(grow, {
      [`up${k}a`]: equalConv(width, width, 3),
      [`up${k}b`]: equalConv(width, width, 3),
      [`rgb${k}`]: equalConv(width, channels, 1, { gain: 1 }),
    })
    Object.assign(shrink, { [`down${k}`]: equalConv(width, width, 3), [`from${k}`]: equalConv(channels, width, 1) })
  }
  /** The weight of size k. */
  const share = (pass: Pass, k: number): Tensor => {
    const growth = minimum(mul(pass.progress, 2 * levels), constant(levels))
    return relu(sub(1, abs(sub(growth, k))))
  }
  const sizes = Array.from({ length: levels + 1 }, (_, k) => k)
  const mixed = (pictures: readonly Tensor[], pass: Pass) =>
    pictures.map((p, k) => mul(times(levels - k, up, p), share(pass, k))).reduce((a, b) => add(a, b))
  return {
    name: 'progressive',
    shape,
    latent,
    outputs,
    generator: net(grow, (run, { z }: Latent, pass): Samples => {
      let h = pixelNorm(leaky(reshape(run('first', pixelNorm(z)), [z.shape[0]!, width, base, base])))
      const pictures = [run('rgb0', h)]
      for (let k = 1; k <= levels; k++) {
        for (const part of ['a', 'b']) h = pixelNorm(leaky(run(`up${k}${part}`, part === 'a' ? up(h) : h)))
        pictures.push(run(`rgb${k}`, h))
      }
      return { x: mixed(pictures, pass), z }
    }),
    present: (real, pass) => ({
      ...real,
      x: mixed(
        sizes.map(k => times(levels - k, down, real.x)),
        pass,
      ),
    }),
    discriminator: net(shrink, (run, { x }: Samples, pass) => {
      const read = (k: number) => mul(leaky(run(`from${k}`, times(levels - k, down, x))), share(pass, k))
      let h = read(levels)
      for (let k = levels; k >= 1; k--) h = add(down(leaky(run(`down${k}`, h))), read(k - 1))
      const features = reshape(leaky(run('last', withDeviation(h))), [x.shape[0]!, -1])
      return { scores: run('score', features), features }
    }),
  }
}
