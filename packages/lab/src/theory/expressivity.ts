import {
  complexity,
  countRegions,
  disc,
  evaluate,
  fourierModuli,
  haar,
  interpolationNet,
  logSlope,
  matrix,
  normals,
  nTermErrors,
  piecesAlongLine,
  productNet,
  regionsInGeneralPosition,
  sawtoothNet,
  squareNet,
} from '@dioramic/learn/theory'
import { plot } from '@dioramic/tensor'
import { exact } from '../evidence.ts'
import { part } from '../experiment.ts'

const LAYERS: readonly (readonly [units: number, inputs: number])[] = [
  [3, 2],
  [4, 2],
  [10, 2],
  [5, 3],
  [12, 3],
  [9, 4],
]
const DEPTHS = [1, 2, 3, 4, 5, 6, 7, 8]
const COUNTS = [32, 64, 128, 256, 512]

/** What networks can express: counts and errors that are theorems. */
export const expressivity = part({
  name: 'expressivity',
  about:
    'Linear regions of random one-layer networks counted exactly; pieces of the sawtooth of depth k; networks written down for x², x·y and interpolation, and their errors; best n-term approximation of a disc in 128 × 128.',
  arms: ['exact'],
  config: quick => ({ seeds: quick ? 3 : 20 }),
  seconds: () => 0.6,
  run: ({ key }) => {
    const regions = LAYERS.map(([n, d]) =>
      countRegions({ w: matrix(n, d, normals(key.fork('w').fork(n).fork(d), n * d)), b: normals(key.fork('b').fork(n).fork(d), n) }),
    )
    const sawtooth = DEPTHS.map(k => piecesAlongLine(sawtoothNet(k), [0], [1], [0, 1]).length)
    const worst = (f: (x: number) => number, n: number) =>
      Array.from({ length: n + 1 }, (_, k) => f(k / n)).reduce((a, b) => Math.max(a, b), -Infinity)
    const square = DEPTHS.map(m => {
      const net = squareNet(m)
      return worst(x => evaluate(net, [x])[0]! - x * x, 2 ** (m + 2))
    })
    const product = DEPTHS.map(m => {
      const net = productNet(m)
      return worst(x => worst(y => Math.abs(evaluate(net, [x, y])[0]! - x * y), 40), 40)
    })
    const interpolation = [4, 8, 16, 32].map(n => {
      const x = Array.from({ length: n + 1 }, (_, i) => i / n)
      const net = interpolationNet(
        x,
        x.map(v => v * v),
      )
      return worst(t => Math.abs(evaluate(net, [t])[0]! - t * t), 8 * n)
    })
    const picture = disc(128, [64, 60], 40)
    const weights = DEPTHS.map(m => complexity(squareNet(m)))
    return {
      regions,
      sawtooth,
      square,
      product,
      interpolation,
      weights,
      haar: nTermErrors(haar(picture, 128), COUNTS),
      fourier: nTermErrors(fourierModuli(picture, 128), COUNTS),
    }
  },
  conclude: of => {
    const all = of('exact')
    const r = all[0]!
    const regionsOff = Math.max(...all.flatMap(a => a.regions.map((n, i) => Math.abs(n - regionsInGeneralPosition(...LAYERS[i]!)))))
    return {
      claims: [
        exact('regions of one layer: largest difference to the formula', regionsOff),
        exact('sawtooth: largest difference to 2^k pieces', Math.max(...r.sawtooth.map((n, i) => Math.abs(n - 2 ** DEPTHS[i]!)))),
        exact(
          'square: largest difference of the sup error to 2^(-2m-2)',
          Math.max(...r.square.map((e, i) => Math.abs(e - 2 ** (-2 * DEPTHS[i]! - 2)))),
        ),
        exact('product: largest sup error / 2^(-2m)', Math.max(...r.product.map((e, i) => e / 2 ** (-2 * DEPTHS[i]!)))),
        exact('interpolation of x²: largest sup error / (h²/4)', Math.max(...r.interpolation.map((e, i) => e * 4 * (4 * 2 ** i) ** 2))),
        exact('n-term: Haar slope', logSlope(COUNTS.slice(0, 3), r.haar.slice(0, 3))),
        exact('n-term: Fourier slope', logSlope(COUNTS, r.fourier)),
      ],
      plots: [
        {
          caption: 'Sup error of the networks for x² and x·y over their depth.',
          svg: plot(
            [
              { name: 'x²', points: r.square.map((e, i) => [DEPTHS[i]!, e] as const) },
              { name: 'x·y', points: r.product.map((e, i) => [DEPTHS[i]!, e] as const) },
            ],
            { x: 'depth m', y: 'sup error', logY: true, title: 'Networks written down' },
          ),
        },
        {
          caption: 'Squared error of the best n-term approximation of a disc; its edge is what costs.',
          svg: plot(
            [
              { name: 'Haar wavelets', points: r.haar.flatMap((e, i) => (e > 1e-4 ? [[COUNTS[i]!, e] as const] : [])) },
              { name: 'Fourier', points: r.fourier.map((e, i) => [COUNTS[i]!, e] as const) },
            ],
            { x: 'terms n', y: 'relative squared error', logX: true, logY: true, title: 'n-term approximation' },
          ),
        },
      ],
      tables: [
        {
          caption: 'Regions of one hidden layer of n units in d dimensions.',
          head: ['n', 'd', 'counted', 'Σ C(n, j)'],
          rows: LAYERS.map(([n, d], i) => [n, d, r.regions[i]!, regionsInGeneralPosition(n, d)]),
        },
        {
          caption: 'The square network by depth: its numbers that are not 0, and its error.',
          head: ['m', 'weights', 'sup error', '2^(−2m−2)'],
          rows: DEPTHS.map((m, i) => [m, r.weights[i]!, r.square[i]!, 2 ** (-2 * m - 2)]),
        },
      ],
    }
  },
})
