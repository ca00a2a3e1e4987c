import {
  filteredMoments,
  hiddenKernel,
  hoeffding,
  ista,
  kappa0,
  kappa1,
  limitRisk,
  linearDistortion,
  matrix,
  norm,
  pacBayes,
  reluNet,
  simplexFrame,
  softThreshold,
  tangentKernel,
  tikhonov,
  vc,
} from '@dioramic/learn/theory'
import { exact } from '../evidence.ts'
import { part } from '../experiment.ts'

const cosine = (degrees: number) => Math.cos((degrees * Math.PI) / 180)
const relu = (mean: number, variance: number) => {
  const m = filteredMoments(reluNet([[[1]], [0]], [[[1]], [0]]), { mean: Float64Array.of(mean), variance: Float64Array.of(variance) })
  return [m.mean[0]!, m.variance[0]!]
}
const D = (...kept: readonly number[]) => linearDistortion([3, 1, 0], [1, 1, 1], [0.5, 0.5, 0.5], [1 / 12, 1 / 12, 1 / 12], new Set(kept))

/** [quantity, computed, known]. The known values were worked out independently, most to six digits. */
function rows(): readonly (readonly [string, readonly number[], readonly number[]])[] {
  const degrees = [0, 30, 60, 90, 120, 180]
  const frame = simplexFrame(4)
  const row = (i: number) => frame.data.subarray(4 * i, 4 * i + 4)
  const model = { signal: 1, noise: 1 }
  return [
    [
      'tangent kernel κ₁ + u·κ₀ at 0°, 30°, 60°, 90°, 120°, 180°',
      degrees.map(a => tangentKernel(cosine(a))),
      [2, 1.602531, 0.942331, 0.31831, -0.057669, 0],
    ],
    ['hidden-layer kernel u·κ₀/2 at the same', degrees.map(a => hiddenKernel(cosine(a))), [0.5, 0.360844, 0.166667, 0, -0.083333, 0]],
    ['κ₀, κ₁ at 1 and −1', [kappa0(1), kappa1(1), kappa0(-1), kappa1(-1)], [1, 1, 0, 0]],
    [
      'double descent risk at p/n = .2, .5, .9, 1.1, 2, 5',
      [0.2, 0.5, 0.9, 1.1, 2, 5].map(g => limitRisk(g, model)),
      [0.25, 1, 9, 10.090909, 1.5, 1.05],
    ],
    ['PAC-Bayes term, KL 5, m 1000, δ .05', [pacBayes(1000, 5, 0.05)], [0.077919]],
    ['VC term, m 10⁴, h 10, δ .05', [vc(10_000, 10, 0.05)], [0.26891]],
    ['Hoeffding term, m 1000, δ .05', [hoeffding(1000, 0.05)], [0.042947]],
    ['rectified N(0, 1): mean, variance', relu(0, 1), [0.398942, 0.340845]],
    ['rectified N(1, 1)', relu(1, 1), [1.083315, 0.751088]],
    ['rectified N(−1, 2²)', relu(-1, 4), [0.395593, 0.682063]],
    ['distortion of 3x₁ + x₂ at ones, uniform: ∅, {1}, {2}, {1, 2}', [D(), D(0), D(1), D(0, 1)], [2.416667, 0.166667, 1.5, 0]],
    ['soft threshold at ½ of 2, −.3, .7', [...softThreshold([2, -0.3, 0.7], 0.5)], [1.5, 0, 0.2]],
    [
      'one ISTA step with K = I',
      [...ista(matrix(3, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1]), [2, -0.3, 0.7], { alpha: 0.5, steps: 1, rate: 1 })[1]!],
      [1.5, 0, 0.2],
    ],
    ['Tikhonov, K = diag(2, 1), g = (2, 1), α = 1', [...tikhonov(matrix(2, 2, [2, 0, 0, 1]), [2, 1], 1)], [0.8, 0.5]],
    ['simplex frame of 4: norm, cosine', [norm(row(0)), row(0).reduce((s, v, k) => s + v * row(1)[k]!, 0)], [1, -1 / 3]],
  ]
}

/** Closed forms beside their known values. */
export const closedForms = part({
  name: 'closed-forms',
  about: 'Formulas as this library computes them beside values that were worked out apart from it.',
  arms: ['exact'],
  config: () => ({ seeds: 1 }),
  seconds: () => 0.1,
  run: () => rows().map(([name, computed, known]) => ({ name, computed, known })),
  conclude: of => {
    const table = of('exact')[0]!
    const off = (r: { computed: readonly number[]; known: readonly number[] }) =>
      Math.max(...r.computed.map((v, i) => Math.abs(v - r.known[i]!)))
    return {
      claims: [exact('closed forms: largest difference to the known values', Math.max(...table.map(off)))],
      tables: [
        {
          caption: 'Quantities, as computed, and the largest difference to the known values.',
          head: ['quantity', 'computed', 'difference'],
          rows: table.map(r => [r.name, r.computed.map(v => `${Number(v.toPrecision(6))}`).join(', '), off(r)]),
        },
      ],
    }
  },
})
