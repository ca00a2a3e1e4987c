import {
  drawnDigits,
  errorParts,
  finiteClass,
  rademacher,
  rademacherComplexity,
  randomFeatureErrors,
  thresholdLosses,
} from '@dioramic/learn/theory'
import { plot } from '@dioramic/tensor'
import { exact, mean, meanOf, share } from '../evidence.ts'
import { part } from '../experiment.ts'

const TASK = { cut: 0.37, flip: 0.1, grid: Array.from({ length: 21 }, (_, i) => i / 20) }
const DELTA = 0.05

/** The three parts of a risk, where all are known. */
export const errorSplit = part({
  name: 'error-split',
  about:
    'Thresholds on a grid of 21 for a step that lies between two of them, with a tenth of the labels flipped: the true risks are known. The hypothesis is the best of five tried at random, so something is left of each part. How often do the bounds on the largest gap fail? At most one time in twenty is allowed.',
  arms: ['thresholds'],
  config: quick => ({ seeds: quick ? 100 : 400, m: 200 }),
  seconds: () => 0.02,
  run: ({ config: { m }, key }) => {
    const losses = thresholdLosses(TASK, m, key)
    const tried = Array.from({ length: 5 }, (_, i) => key.fork('try').fork(i).words[0] % TASK.grid.length)
    const sums = losses.map(l => l.reduce((s, v) => s + v, 0))
    const chosen = tried.reduce((best, i) => (sums[i]! < sums[best]! ? i : best), tried[0]!)
    const complexity = rademacherComplexity(losses, 50, key.fork('signs'))
    return {
      ...errorParts(TASK, losses, chosen),
      rademacher: rademacher(m, complexity, DELTA),
      finite: finiteClass(m, TASK.grid.length, DELTA),
    }
  },
  conclude: of => {
    const all = of('thresholds')
    const holds = all.filter(r => r.risk <= r.optimisation + r.generalisation + r.approximation + 1e-12).length
    return {
      claims: [
        exact('error split: share of draws whose risk is at most the sum of its parts', holds / all.length),
        share(
          'error split: share of draws whose largest gap exceeds the Rademacher bound',
          all.filter(r => r.gap > r.rademacher).length,
          all.length,
        ),
        share(
          'error split: share of draws whose largest gap exceeds the finite-class bound',
          all.filter(r => r.gap > r.finite).length,
          all.length,
        ),
      ],
      tables: [
        {
          caption: 'Means over draws of 200 samples.',
          head: ['risk', 'optimisation', 'generalisation', 'approximation', 'largest gap', 'Rademacher bound', 'finite-class bound'],
          rows: [
            [
              meanOf(all.map(r => r.risk)),
              meanOf(all.map(r => r.optimisation)),
              meanOf(all.map(r => r.generalisation)),
              meanOf(all.map(r => r.approximation)),
              meanOf(all.map(r => r.gap)),
              meanOf(all.map(r => r.rademacher)),
              meanOf(all.map(r => r.finite)),
            ],
          ],
        },
      ],
    }
  },
})

/** Double descent on digits. */
export const randomFeatures = part({
  name: 'random-features',
  about:
    'One-hot labels of drawn digits with noise fitted by least squares of least norm on p random ReLU features: the test error peaks where p is the number of samples and falls below its first minimum after.',
  arms: ['relu'],
  config: quick => ({
    seeds: quick ? 3 : 8,
    samples: 200,
    test: 500,
    noise: 0.35,
    p: quick ? [20, 50, 100, 150, 200, 300, 600, 1500] : [10, 20, 35, 50, 75, 100, 150, 180, 200, 220, 300, 450, 700, 1500, 3000],
  }),
  seconds: ({ p }) => p.reduce((a, b) => a + b, 0) / 2000,
  run: ({ config: { samples, test, noise, p }, key }) => {
    const train = drawnDigits(samples, key.fork('train'), { noise })
    const held = drawnDigits(test, key.fork('test'), { noise })
    return p.map(k => ({ ...randomFeatureErrors(train, held, k, key.fork('features').fork(k)) }))
  },
  conclude: (of, { samples, p }) => {
    const all = of('relu')
    const below = p.filter(k => k < samples / 1.3)
    const classical = all.map(r => Math.min(...below.map(k => r[p.indexOf(k)]!.error)))
    const peak = all.map(r => r[p.indexOf(samples)]!.error)
    const last = all.map(r => r.at(-1)!.error)
    return {
      claims: [
        mean(
          'random features: test error at p = n less the first minimum',
          peak.map((v, i) => v - classical[i]!),
        ),
        mean(
          'random features: test error at the largest p less the first minimum',
          last.map((v, i) => v - classical[i]!),
        ),
      ],
      plots: [
        {
          caption: 'Share of wrong test digits, mean over seeds.',
          svg: plot([{ name: 'test error', points: p.map((k, i) => [k, meanOf(all.map(r => r[i]!.error))] as const) }], {
            x: 'features p',
            y: 'error',
            logX: true,
            title: 'Double descent on digits',
          }),
        },
      ],
    }
  },
})
