/** A variational autoencoder (Kingma & Welling 2014) whose decoder is a GAN's generator: what the same net makes when it is asked for likelihood. */
import {
  add,
  type Batches,
  constant,
  div,
  exp,
  fit,
  fork,
  type Key,
  klNormal,
  mean,
  mul,
  type NDArray,
  nn,
  type optim,
  randomNormal,
  relu,
  reshape,
  split,
  sub,
  sum,
  type Tensor,
  type Training,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import type { Architecture } from '../contracts.ts'
import { GanError } from '../error.ts'
import { initialise } from '../net.ts'
import type { Engine } from '../trainer/gan.ts'
import type { Weights } from '../trainer/sampler.ts'

export interface VaeOptions extends Engine {
  /** Its generator decodes. */
  readonly architecture: Architecture
  readonly rule: optim.Rule
  readonly updates: number
  /** { x: [n, …shape] } */
  readonly batches: Batches<{ readonly x: NDArray }>
  readonly key: Key
  /** Features of the encoder's two hidden layers. Default 128. */
  readonly width?: number
}

export interface Vae {
  /** Of the generator, for `samplerOf`. */
  readonly weights: Weights
  /** Negative evidence lower bound, nats a sample, of the last tenth of the updates. */
  readonly bound: number
  dispose(): Promise<void>
}

/** Trains it. The variance of what is decoded is one number for all pixels, and learned (Rybkin et al. 2021), so that nothing weighs likelihood against the prior but the data. */
export async function trainVae({ architecture, rule, updates, batches, key, width = 128, runtime, arena }: VaeOptions): Promise<Vae> {
  const { generator, shape, latent, classes } = architecture
  if (classes !== undefined) throw new GanError('a VAE here has no classes: build its architecture without')
  const d = shape.reduce((a, b) => a * b, 1)
  const layer = (from: number, to: number) => [nn.linear(from, to, { init: nn.kaiming() }), nn.fn(relu)]
  const encoder = nn.sequence(nn.flatten, ...layer(d, width), ...layer(width, width), nn.linear(width, 2 * latent))
  const noise = nn.layer<{ logVariance: Tensor }>({ parameters: { logVariance: nn.bias(1) }, apply: ({ logVariance }) => logVariance })
  const [g, e, v] = [initialise(generator, key.fork('decoder')), encoder.init(key.fork('encoder')), noise.init(key)]

  type Parts = Readonly<Record<'decoder' | 'encoder' | 'noise', Tree<Tensor>>>
  const loss = (p: Tree<Tensor>, s: Tree<Tensor>, { x }: { x: Tensor }, k: Tensor) => {
    const { decoder, encoder: to, noise: of } = p as Parts
    const n = x.shape[0]!
    const [code] = encoder.apply(to, e.state as Tree<never>, x, { key: fork(k, 'encoder'), train: true })
    const [means, logs] = split(code, 2, 1) as [Tensor, Tensor]
    const z = add(means, mul(exp(mul(logs, 0.5)), randomNormal(fork(k, 'latent'), [n, latent])))
    const [{ x: seen }, next] = generator.apply(decoder, s, { z }, { key: fork(k, 'decoder'), train: true, progress: constant(1) })
    const off = reshape(sub(x, seen), [n, d])
    const { logVariance } = of as { logVariance: Tensor }
    const nats = mul(add(div(sum(mul(off, off), 1), exp(logVariance)), mul(d, add(logVariance, Math.log(2 * Math.PI)))), 0.5)
    return [add(mean(nats), klNormal(means, logs)), next] as const
  }
  const training: Training = await trainStep(loss, rule, {
    runtime,
    arena,
    params: { decoder: g.params, encoder: e.params, noise: v.params },
    state: g.state,
    key: key.fork('train'),
  })
  const { history } = await fit(training, { batches, updates, logEvery: Math.max(1, Math.ceil(updates / 10)) })
  const trained = (training.ema ?? training.params) as Readonly<Record<string, Tree<NDArray>>>
  return {
    weights: { params: trained['decoder']!, state: training.state },
    bound: history.at(-1)!.values['loss']!,
    dispose: () => training.dispose(),
  }
}
