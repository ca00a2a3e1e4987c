/** The same generator, trained against a discriminator and for likelihood. */
import {
  fitGan,
  type LabelledSet,
  laplacianVariance,
  manifold,
  prepared,
  rowsOf,
  samplerOf,
  trainGan,
  trainJudge,
  trainVae,
  type Weights,
} from '@dioramic/learn/gan'
import { sheet } from '@dioramic/learn/report'
import { drawnDigits } from '@dioramic/learn/theory'
import { batches, f32, type Key, type NDArray, optim } from '@dioramic/tensor'
import { engine } from '../agent/engine.ts'
import { mean, meanOf } from '../evidence.ts'
import { type Job, part } from '../experiment.ts'
import { digitCode } from './code.ts'

interface Config {
  readonly [name: string]: number
  readonly training: number
  readonly heldOut: number
  readonly updates: number
}

const EDGE = 16

/** Drawn digits without noise: noise would be counted as sharpness. */
function clean(count: number, key: Key): LabelledSet {
  const set = drawnDigits(count, key, { size: EDGE, noise: 0 })
  return { ...set, x: set.x.map(r => r.map(v => 2 * v - 1)), shape: [1, EDGE, EDGE] }
}
const arrayOf = (rows: readonly Float64Array[]): NDArray => f32(Float32Array.from(rows.flatMap(r => [...r])), [rows.length, 1, EDGE, EDGE])

async function run({ arm, seed, config: { training, heldOut, updates }, key }: Job<Config>) {
  const [own, other] = [clean(training, key.fork('training')), clean(heldOut, key.fork('held out'))]
  const data = batches({ x: arrayOf(own.x) }, { size: 64, key: key.fork('batches') })
  const recipe = prepared('mlp', { shape: own.shape, width: 128 }, { average: 0.99 })
  const { architecture } = recipe
  const made = async (weights: Weights) => {
    const sampler = samplerOf(architecture, weights, engine.runtime)
    const { x } = await sampler.sample(heldOut, key.fork('samples'))
    await sampler.dispose()
    return x
  }
  let x: NDArray
  if (arm === 'gan') {
    const gan = await trainGan({ ...recipe, updates, key: key.fork('gan'), ...engine })
    await fitGan(gan, { batches: data, updates, logEvery: updates })
    x = await made(gan.weights())
    await gan.dispose()
  } else {
    const rule = optim.chain(optim.adam({ lr: optim.cosine(2e-3, updates) }))
    const vae = await trainVae({ architecture, rule, updates, batches: data, key: key.fork('vae'), ...engine })
    x = await made(vae.weights)
    await vae.dispose()
  }
  const judge = await trainJudge(own, key.fork('judge'), engine)
  const there = manifold(await judge.features(other.x), await judge.features(rowsOf(x)))
  const first = seed > 0 ? {} : { real: other.x.slice(0, 20).map(round), samples: rowsOf(x).slice(0, 20).map(round) }
  return { sharpness: laplacianVariance(x) / laplacianVariance(arrayOf(other.x)), ...there, judge: judge.name, ...first }
}

const round = (r: Float64Array): number[] => Array.from(r, v => Math.round(100 * v) / 100)

export const sharpnessPart = part<Config, Awaited<ReturnType<typeof run>>>({
  name: 'sharpness',
  about:
    'It is said that GANs make sharp pictures and variational autoencoders blurred ones. One generator (fully connected, 16 × 16 pixels, 16 latents) is trained both ways on the same drawn digits. Sharpness is the variance of the Laplacian, as a share of that of real digits; coverage is the share of real digits with a sample near them.',
  arms: ['gan', 'vae'],
  code: [...digitCode, 'lab/src/gan/sharpness.ts', 'learn/src/gan/vae'],
  config: quick =>
    quick ? { seeds: 1, training: 500, heldOut: 300, updates: 300 } : { seeds: 5, training: 1000, heldOut: 500, updates: 1000 },
  seconds: ({ updates }) => updates / 200 + 2,
  run,
  conclude(of) {
    const [gan, vae] = [of('gan'), of('vae')]
    const over = (f: (r: (typeof gan)[number]) => number) => gan.map((r, i) => f(r) - f(vae[i]!))
    const row = (name: string, all: typeof gan) => [
      name,
      ...(['sharpness', 'precision', 'recall', 'density', 'coverage'] as const).map(k => meanOf(all.map(r => r[k])).toFixed(3)),
    ]
    const { real, samples } = gan[0]!
    const plots = real && samples && vae[0]!.samples
    return {
      claims: [
        mean(
          'sharpness: GAN − VAE, as a share of real',
          over(r => r.sharpness),
        ),
        mean(
          'sharpness: distance of its logarithm from real, VAE − GAN',
          over(r => -Math.abs(Math.log(r.sharpness))),
        ),
        mean(
          'sharpness: of the GAN, as a share of real',
          gan.map(r => r.sharpness),
        ),
        mean(
          'sharpness: of the VAE, as a share of real',
          vae.map(r => r.sharpness),
        ),
        mean(
          'sharpness: coverage of the GAN − of the VAE',
          over(r => r.coverage),
        ),
      ],
      tables: [
        {
          caption: `Samples against held-out digits; features of a classifier of the training digits (${gan[0]!.judge} and its like).`,
          head: ['trained', 'sharpness / real', 'precision', 'recall', 'density', 'coverage'],
          rows: [row('as a GAN', gan), row('as a VAE', vae)],
        },
      ],
      ...(plots
        ? {
            plots: [
              {
                caption: 'Digits, and samples of the same generator trained both ways (seed 0).',
                svg: sheet(
                  [
                    { title: 'real', pictures: real },
                    { title: 'GAN', pictures: samples },
                    { title: 'VAE', pictures: plots },
                  ],
                  [EDGE, EDGE],
                  3,
                ),
              },
            ],
          }
        : {}),
    }
  },
})
