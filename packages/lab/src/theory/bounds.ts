import {
  complexity,
  differentiable,
  drawnDigits,
  errorRate,
  frobeniusComplexity,
  hoeffding,
  matrix,
  norm,
  pacBayesBound,
  type ReluNet,
  rademacher,
  randomLabels,
  rowsAt,
  spectralComplexity,
  trainClassifier,
  vc,
  vcDimensionOrder,
} from '@dioramic/learn/theory'
import { type NDArray, nn, numbersOf, optim, relu, type Tree } from '@dioramic/tensor'
import { mean, means } from '../evidence.ts'
import { part } from '../experiment.ts'
import { arena, runtime } from './engine.ts'

const DELTA = 0.05
const HIDDEN = 256

const layer = nn.sequence(nn.linear(64, HIDDEN, { init: nn.kaiming() }), nn.fn(relu), nn.linear(HIDDEN, 10))

/** The matrices of the trained layers, [outputs, inputs]. */
function matrices(params: Tree<NDArray>): ReluNet {
  const p = params as Record<string, { w: NDArray; b: NDArray }>
  return ['0', '2'].map(name => {
    const { w, b } = p[name]!
    const [from, to] = w.shape as [number, number]
    const values = numbersOf(w)
    return {
      w: matrix(
        to,
        from,
        Float64Array.from({ length: from * to }, (_, i) => values[(i % from) * to + Math.floor(i / from)]!),
      ),
      b: numbersOf(b),
    }
  })
}

/** Bounds on the error of a small network beside its true gap; real and random labels. */
export const bounds = part({
  name: 'bounds',
  about:
    'A ReLU network of 256 hidden units on drawn digits, with real and with random labels. The prior of the PAC-Bayes bound is trained on half of the samples, the posterior around it on the other half, which the bound is about. All bounds are on the error with probability 0.95; above 1 they say nothing.',
  arms: ['real labels', 'random labels'].map(a => a.replace(' ', '-')),
  config: quick => ({
    seeds: quick ? 2 : 5,
    samples: quick ? 500 : 1000,
    test: quick ? 1000 : 2000,
    draws: quick ? 60 : 300,
    updates: quick ? 600 : 1500,
    memorise: quick ? 2500 : 8000,
  }),
  seconds: ({ draws, updates, memorise }) => draws / 30 + (updates + memorise) / 2500,
  run: async ({ arm, config, key }) => {
    const { samples, test, draws, updates, memorise } = config
    const real = { ...drawnDigits(2 * samples + test, key.fork('data')), shape: [64] }
    const all = arm === 'random-labels' ? randomLabels(real, key.fork('labels')) : real
    const range = (from: number, n: number) =>
      rowsAt(
        all,
        Array.from({ length: n }, (_, i) => from + i),
      )
    const [first, second, held] = [range(0, samples), range(samples, samples), range(2 * samples, test)]
    const train = (on: typeof first, n: number, rate: number, params?: Tree<NDArray>) =>
      trainClassifier(on, {
        layer,
        updates: n,
        batch: 64,
        rule: optim.chain(optim.adamw({ lr: optim.cosine(rate, n) })),
        runtime,
        arena,
        key: key.fork('run'),
        ...(params ? { params } : {}),
      })
    const random = arm === 'random-labels'
    const prior = await train(first, updates, 3e-3)
    // Real labels: a few small steps from the prior, so the posterior stays near. Random ones: trained until they are known by heart.
    const { model } = random ? await train(second, memorise, 3e-3) : await train(second, Math.round(updates / 10), 2e-4, prior.model.params)
    const initial = random ? (await train(second, 1, 0)).initial : prior.initial
    const net = differentiable(model, [64], 10, runtime, 250)
    const logits = await net.logits(second.x)
    const margins = logits.map((r, i) => r[second.y[i]!]! - Math.max(...[...r].filter((_, c) => c !== second.y[i]))).sort((a, b) => a - b)
    const layers = matrices(model.params)
    // The margin that a tenth of the samples fall short of; where that is negative nothing can be said.
    const margin = margins[Math.floor(0.1 * margins.length)]!
    const dataNorm = Math.sqrt(second.x.reduce((s, x) => s + norm(x) ** 2, 0))
    const radius = Math.max(...second.x.map(norm))
    const m = second.y.length
    const trainError = errorRate(logits, second.y)
    const testError = errorRate(await net.logits(held.x), held.y)
    const pac = await pacBayesBound(model, second, {
      prior: prior.model.params,
      sigmas: [0.01, 0.02, 0.04],
      draws: random ? 20 : draws,
      delta: DELTA,
      runtime,
      key: key.fork('posterior'),
    })
    return {
      trainError,
      testError,
      hoeffding: testError + hoeffding(test, DELTA),
      vc: trainError + vc(m, vcDimensionOrder(complexity(layers), 2), DELTA),
      rademacher:
        trainError +
        rademacher(
          m,
          frobeniusComplexity(
            m,
            radius,
            layers.map(l => norm(l.w.data)),
          ),
          DELTA,
        ),
      spectral: margin > 0 ? spectralComplexity(layers, dataNorm, margin, m, matrices(initial)) : 1e9,
      pacBayes: pac.bound,
      mcAllester: pac.mcAllester,
      posteriorError: pac.posteriorError,
      kl: pac.kl,
      sigma: pac.sigma,
    }
  },
  conclude: of => {
    const [real, random] = [of('real-labels'), of('random-labels')]
    const column = (rows: typeof real, f: (r: (typeof real)[number]) => number) => mean('', rows.map(f)).value
    return {
      claims: [
        ...means(real, {
          'bounds: VC bound on real labels': r => r.vc,
          'bounds: PAC-Bayes bound on real labels': r => r.pacBayes,
          'bounds: posterior error on real labels': r => r.posteriorError,
          'bounds: PAC-Bayes bound less test error (must not be negative)': r => r.pacBayes - r.testError,
        }),
        ...means(random, {
          'bounds: training error on random labels': r => r.trainError,
          'bounds: test error on random labels': r => r.testError,
          'bounds: spectral complexity, random / real labels': (r, i) => r.spectral / real[i]!.spectral,
        }),
        mean(
          'bounds: true gap on real labels',
          real.map(r => r.testError - r.trainError),
        ),
      ],
      tables: [
        {
          caption:
            'Means over seeds. The first three rows are errors, the others upper bounds on the error; the spectral row is a complexity without its constants.',
          head: ['', 'real labels', 'random labels'],
          rows: (
            [
              ['training error', r => r.trainError],
              ['test error', r => r.testError],
              ['posterior error', r => r.posteriorError],
              ['Hoeffding, held-out set', r => r.hoeffding],
              ['PAC-Bayes, kl form', r => r.pacBayes],
              ['PAC-Bayes, McAllester', r => r.mcAllester],
              ['Rademacher, Frobenius norms', r => r.rademacher],
              ['VC dimension', r => r.vc],
              ['spectral complexity', r => r.spectral],
              ['KL of posterior and prior', r => r.kl],
              ['σ', r => r.sigma],
            ] as const satisfies readonly (readonly [string, (r: (typeof real)[number]) => number])[]
          ).map(([name, f]) => [name, column(real, f), column(random, f)]),
        },
      ],
    }
  },
})
