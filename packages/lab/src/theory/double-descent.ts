import { finiteRisk, limitRisk, sampledRisk } from '@dioramic/learn/theory'
import { plot } from '@dioramic/tensor'
import { mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'

const MODEL = { signal: 1, noise: 1 }

/** Least squares of least norm with n = 100 samples and p features, p from far below n to far above. */
export const doubleDescent = part({
  name: 'double-descent',
  about:
    'Risk of the least-squares solution of least norm, 100 samples, isotropic Gaussian features, signal and noise 1: measured, and by the formula of Hastie et al. for finite n. The risk is heavy-tailed near p = n, so the ratio to the formula is taken of the mean over draws.',
  arms: ['least-norm'],
  config: quick => ({ seeds: quick ? 10 : 40, draws: 20, n: 100, p: [10, 20, 50, 70, 80, 120, 140, 200, 500] }),
  seconds: ({ draws }) => draws * 0.08,
  run: ({ config: { draws, n, p }, key }) =>
    p.map(k => meanOf(Array.from({ length: draws }, (_, i) => sampledRisk(n, k, MODEL, key.fork(k).fork(i))))),
  conclude: (of, { n, p }) => {
    const risks = of('least-norm')
    const at = (k: number) => risks.map(r => r[p.indexOf(k)]! / finiteRisk(n, k, MODEL))
    const grid = Array.from({ length: 200 }, (_, i) => 10 ** (Math.log10(p[0]!) + (i / 199) * Math.log10(p.at(-1)! / p[0]!)))
    return {
      claims: [20, 50, 200, 500].map(k => mean(`double descent: risk / formula at p = ${k}`, at(k))),
      plots: [
        {
          caption: 'Excess risk over the number of features; the formula for infinite n and p at their ratio.',
          svg: plot(
            [
              { name: 'measured', points: p.map((k, j) => [k, meanOf(risks.map(r => r[j]!))] as const) },
              { name: 'formula', points: grid.map(k => [k, Math.abs(k - n) < 6 ? Number.NaN : limitRisk(k / n, MODEL)] as const) },
            ],
            { x: 'features p', y: 'risk', logX: true, logY: true, title: 'Double descent' },
          ),
        },
      ],
      tables: [
        {
          caption: 'Mean over all draws beside the formulas.',
          head: ['p', 'measured', 'finite n', 'limit'],
          rows: p.map((k, j) => [k, meanOf(risks.map(r => r[j]!)), finiteRisk(n, k, MODEL), limitRisk(k / n, MODEL)]),
        },
      ],
    }
  },
})
