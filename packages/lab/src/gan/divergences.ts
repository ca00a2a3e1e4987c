import {
  frechetOfMoments,
  gameValue,
  gaussianJensenShannon,
  gaussianTotalVariation,
  inceptionScore,
  JS_TABLE,
  jensenShannon,
  kernelDistance,
} from '@dioramic/learn/gan'
import { plot } from '@dioramic/tensor'
import { exact } from '../evidence.ts'
import { part } from '../experiment.ts'

const N = (mean: number, deviation = 1) => ({ mean, deviation })
const gaussian = (mean: readonly number[], covariance: readonly number[]) => ({
  mean: Float64Array.from(mean),
  covariance: Float64Array.from(covariance),
})
const rows = (...list: readonly (readonly number[])[]) => list.map(r => Float64Array.from(r))
const I = [1, 0, 0, 1]

/** [quantity, computed, known]: the known values were worked out apart. */
function closedForms(): readonly (readonly [string, number, number])[] {
  return [
    ['JS of (1, 0) and (0, 1)', jensenShannon([1, 0], [0, 1]), Math.LN2],
    ['JS of (½, ½) and (1, 0)', jensenShannon([0.5, 0.5], [1, 0]), 0.215762],
    ['value of the game N(0, 1) against N(2, 1)', gameValue(gaussianJensenShannon(N(0), N(2))), -0.712633],
    ['Fréchet, means (0, 0) and (1, 2), I and I', frechetOfMoments(gaussian([0, 0], I), gaussian([1, 2], I)), 5],
    ['Fréchet, diag(4, 9) and I', frechetOfMoments(gaussian([0, 0], [4, 0, 0, 9]), gaussian([0, 0], I)), 5],
    ['Fréchet, (2, 1; 1, 2) and I', frechetOfMoments(gaussian([0, 0], [2, 1, 1, 2]), gaussian([0, 0], I)), 0.5358984],
    ['inception score of (.9, .1), (.1, .9)', inceptionScore(rows([0.9, 0.1], [0.1, 0.9])), 1.444935],
    ['inception score of (.9, .1), (.8, .2)', inceptionScore(rows([0.9, 0.1], [0.8, 0.2])), 1.010016],
    ['kernel distance of {0, 1} and {0, 1}', kernelDistance(rows([0], [1]), rows([0], [1])), -3.5],
  ]
}

/** Why the first loss teaches nothing far away, and closed forms of divergences and metrics. */
export const divergencesPart = part({
  name: 'divergences',
  about:
    'Real N(0, σ²), generated N(μ, σ²). The Jensen–Shannon divergence, which the first game minimises, is flat at log 2 from μ = 6σ on, so that no slope reaches the generator; the Wasserstein distance |μ| falls as fast from any distance.',
  arms: ['exact'],
  config: () => ({ seeds: 1 }),
  seconds: () => 1,
  code: ['lab/src/gan/divergences.ts', 'learn/src/gan/divergence', 'learn/src/gan/metrics'],
  run: () => {
    const table = JS_TABLE.map(([ratio, known]) => {
      const h = 1e-3
      const slope =
        (gaussianJensenShannon(N(0), N(ratio + h)) - gaussianJensenShannon(N(0), N(Math.max(0, ratio - h)))) / (ratio === 0 ? h : 2 * h)
      return { ratio, known, one: gaussianJensenShannon(N(0), N(ratio)), ten: gaussianJensenShannon(N(0, 10), N(10 * ratio, 10)), slope }
    })
    const curve = Array.from({ length: 81 }, (_, i) => {
      const ratio = i / 8
      return { ratio, js: gaussianJensenShannon(N(0), N(ratio), 8000), tv: gaussianTotalVariation(N(0), N(ratio), 8000) }
    })
    return { table, curve, forms: closedForms().map(([name, computed, known]) => ({ name, computed, known })) }
  },
  conclude: of => {
    const { table, curve, forms } = of('exact')[0]!
    return {
      claims: [
        exact(
          'divergences: largest difference of the JS table',
          Math.max(...table.flatMap(r => [Math.abs(r.one - r.known), Math.abs(r.ten - r.known)])),
        ),
        exact('divergences: largest difference of the closed forms', Math.max(...forms.map(f => Math.abs(f.computed - f.known)))),
      ],
      tables: [
        {
          caption: 'JS in nats by μ/σ, with its slope.',
          head: ['μ/σ', 'σ = 1', 'σ = 10', 'known', 'slope'],
          rows: table.map(r => [r.ratio, r.one, r.ten, r.known, r.slope]),
        },
        { caption: 'Closed forms.', head: ['quantity', 'computed', 'known'], rows: forms.map(f => [f.name, f.computed, f.known]) },
      ],
      plots: [
        {
          caption: 'Divergences of N(0, 1) and N(μ, 1). JS and total variation saturate; W₁ (here a tenth of it) does not.',
          svg: plot(
            [
              { name: 'Jensen–Shannon', points: curve.map(c => [c.ratio, c.js] as const) },
              { name: 'total variation', points: curve.map(c => [c.ratio, c.tv] as const) },
              { name: 'W₁ / 10', points: curve.map(c => [c.ratio, c.ratio / 10] as const) },
            ],
            { x: 'μ/σ', y: '', title: 'Saturation' },
          ),
        },
      ],
    }
  },
})
