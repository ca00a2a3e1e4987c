import { add, concat, mul, nn, oneHot, relu, reshape, slice, sum, type Tensor, tanh } from '@dioramic/tensor'
import type { Net, Samples, Verdict } from '../contracts.ts'
import { down, modulated, pyramidOf, up } from '../layers/pictures.ts'
import { selfAttention } from '../layers/self-attention.ts'
import { net } from '../net.ts'
import type { Build, BuildOptions } from './options.ts'

export interface ResidualOptions extends BuildOptions {
  /** Attention between all places after the first level up, and before the last down. Default false. */
  readonly attention?: boolean
  /** A part of the latent, and the class, scales and moves each batch norm of the generator (Brock et al. 2019). Default false: the latent enters at the first layer alone. */
  readonly skipLatent?: boolean
}

const conv3 = (from: number, to: number) => nn.conv2d(from, to, 3, { padding: 1, init: nn.kaiming() })
const conv1 = (from: number, to: number) => nn.conv2d(from, to, 1, { bias: false })

/**
 * Residual nets (Gulrajani et al. 2017; Miyato et al. 2018): blocks of two 3 × 3 convolutions, doubled in size by repeating pixels and halved by means. With classes the generator's batch
 * norms have a gain and bias of each class, and the discriminator adds the projection of its features on the class, yᵀVφ(x) (Miyato & Koyama 2018).
 */
export const resnet: Build<ResidualOptions> = options => {
  const { shape, latent = 32, outputs = 1, classes, width = 16, attention = false, skipLatent = false } = options
  const { channels, base, levels } = pyramidOf('resnet', shape)
  const chunks = skipLatent ? levels + 1 : 1
  const chunk = Math.floor(latent / chunks)
  const first = latent - chunk * (chunks - 1)
  const told = (classes ?? 0) + (skipLatent ? chunk : 0)
  const parts: Record<string, nn.Layer> = {
    first: nn.linear(first, width * base * base),
    norm: nn.batchNorm(width),
    out: nn.conv2d(width, channels, 3, { padding: 1 }),
  }
  const style = (name: string) => {
    parts[name] = nn.batchNorm(width, told > 0 ? { gain: false, bias: false } : {})
    if (told > 0) parts[`${name}style`] = nn.linear(told, 2 * width, { init: nn.normal(0.02) })
  }
  for (let i = 0; i < levels; i++) {
    style(`${i}a`)
    style(`${i}b`)
    Object.assign(parts, { [`${i}c`]: conv3(width, width), [`${i}d`]: conv3(width, width), [`${i}skip`]: conv1(width, width) })
  }
  if (attention) parts['attention'] = selfAttention(width)
  const generator = net(parts, (run, { z, labels }: { readonly z: Tensor; readonly labels?: Tensor | undefined }): Samples => {
    const n = z.shape[0]!
    const normed = (name: string, x: Tensor, by: readonly Tensor[]) => {
      const y = run(name, x)
      if (by.length === 0) return relu(y)
      const s = run(`${name}style`, by.length === 1 ? by[0]! : concat(by, 1))
      return relu(modulated(y, add(slice(s, [null, [0, width]]), 1), slice(s, [null, [width]])))
    }
    const y = classes === undefined ? [] : [oneHot(labels!, classes)]
    let h = reshape(run('first', slice(z, [null, [0, first]])), [n, width, base, base])
    for (let i = 0; i < levels; i++) {
      const by = skipLatent ? [...y, slice(z, [null, [first + i * chunk, first + (i + 1) * chunk]])] : y
      const inner = run(`${i}c`, up(normed(`${i}a`, h, by)))
      h = add(run(`${i}d`, normed(`${i}b`, inner, by)), run(`${i}skip`, up(h)))
      if (attention && i === 0) h = run('attention', h)
    }
    return { x: tanh(run('out', relu(run('norm', h)))), labels, z }
  })
  return {
    name: classes === undefined ? 'resnet' : 'conditional resnet',
    shape,
    latent,
    outputs,
    ...(classes === undefined ? {} : { classes }),
    generator,
    discriminator: discriminatorOf(options, { channels, levels, width, outputs }, attention),
  }
}

function discriminatorOf(
  { classes }: ResidualOptions,
  {
    channels,
    levels,
    width,
    outputs,
  }: { readonly channels: number; readonly levels: number; readonly width: number; readonly outputs: number },
  attention: boolean,
): Net<Samples, Verdict> {
  const parts: Record<string, nn.Layer> = { score: nn.linear(width, outputs) }
  for (let i = 0; i < levels; i++) {
    const from = i === 0 ? channels : width
    Object.assign(parts, { [`${i}c`]: conv3(from, width), [`${i}d`]: conv3(width, width), [`${i}skip`]: conv1(from, width) })
  }
  if (attention) parts['attention'] = selfAttention(width)
  if (classes !== undefined) parts['project'] = nn.linear(classes, width, { bias: false })
  return net(parts, (run, { x, labels }: Samples) => {
    let h = x
    for (let i = 0; i < levels; i++) {
      if (attention && i === levels - 1 && i > 0) h = run('attention', h)
      const inner = run(`${i}c`, i === 0 ? h : relu(h))
      h = add(down(run(`${i}d`, relu(inner))), run(`${i}skip`, down(h)))
      if (attention && levels === 1) h = run('attention', h)
    }
    const features = sum(relu(h), [2, 3])
    const score = run('score', features)
    if (classes === undefined) return { scores: score, features }
    return { scores: add(score, sum(mul(run('project', oneHot(labels!, classes)), features), 1, true)), features }
  })
}
