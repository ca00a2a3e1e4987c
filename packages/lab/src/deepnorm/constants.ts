import { type Constants, type Depth, deepnorm, deepnormConstants } from '@dioramic/learn/deepnorm'
import { flatten, type NDArray, nn, numbersOf } from '@dioramic/tensor'
import { exact } from '../evidence.ts'
import { part } from '../experiment.ts'

/** Layers, alpha, beta. */
const ONE = [
  [1, 1.189207, 0.594604],
  [2, Math.SQRT2, 0.5],
  [6, 1.86121, 0.379918],
  [12, 2.213364, 0.319472],
  [18, 2.44949, 0.288675],
  [24, 2.632148, 0.268642],
  [48, 3.130169, 0.225901],
  [100, 3.760603, 0.18803],
  [200, 4.472136, 0.158114],
  [500, 5.623413, 0.125743],
  [1000, 6.687403, 0.105737],
] as const

/** Encoder's and decoder's layers, alpha and beta of each. */
const TWO = [
  [1, 1, 0.81, 0.87, 1.316074, 0.537285],
  [6, 6, 1.417938, 0.496989, 2.059767, 0.343295],
  [12, 6, 1.686222, 0.417916, 2.059767, 0.343295],
  [6, 2, 1.323845, 0.532313, 1.565085, 0.451801],
  [12, 12, 1.760878, 0.400198, 2.44949, 0.288675],
  [18, 18, 1.998746, 0.352571, 2.710806, 0.260847],
  [50, 50, 2.750509, 0.256207, 3.499636, 0.202052],
  [100, 100, 3.415742, 0.20631, 4.161791, 0.169904],
  [500, 500, 5.64824, 0.124765, 6.22333, 0.113622],
] as const

/** Layers, width, hidden width; deviations of queries, values and the net's matrices. */
const DEVIATIONS = [
  [12, 64, 256, 0.125, 0.0399339, 0.0252564],
  [12, 512, 2048, Math.sqrt(1 / 512), 0.0141188, 0.0089295],
  [100, 64, 256, 0.125, 0.0235038, 0.0148651],
  [100, 512, 2048, Math.sqrt(1 / 512), 0.00830984, 0.0052556],
] as const

const deviation = (x: readonly number[]) => Math.sqrt(x.reduce((s, v) => s + v * v, 0) / x.length)

/** The numbers of the paper, and those that are drawn. */
export const constants = part({
  name: 'constants',
  about:
    "DeepNorm's α and β for 11 depths of one stack and 9 of an encoder–decoder beside the table; the deviations of first values by declaration and as drawn, queries, keys and values of one fused matrix apart.",
  arms: ['tables'],
  code: ['lab/src/deepnorm/constants.ts', 'learn/src/deepnorm/constants.ts', 'learn/src/deepnorm/stream.ts', 'tensor/src/nn'],
  config: () => ({ seeds: 1 }),
  seconds: () => 1,
  run: ({ key }) => {
    const off = (got: readonly number[], want: readonly number[]) => Math.max(...got.map((v, i) => Math.abs(v - want[i]!)))
    const all = (of: { readonly encoder: Constants; readonly decoder: Constants }) => [
      of.encoder.alpha,
      of.encoder.beta,
      of.decoder.alpha,
      of.decoder.beta,
    ]
    const alone = (depth: Depth) => deepnormConstants(depth)
    const table = [
      ...ONE.map(([layers, ...want]) => off(Object.values(alone({ layers })), want)),
      ...TWO.map(([encoder, decoder, ...want]) => off(all(deepnormConstants({ encoder, decoder })), want)),
    ]
    const identities = Array.from({ length: 1000 }, (_, i) => i + 1).flatMap(n => {
      const one = alone({ layers: n })
      const { decoder } = deepnormConstants({ encoder: 3, decoder: n })
      return [(4 * n * one.beta ** 2) / one.alpha ** 2 - 1, (6 * n * decoder.beta ** 2) / decoder.alpha ** 2 - 1].map(Math.abs)
    })
    const declared: number[] = []
    const drawn: number[] = []
    for (const [layers, d, hidden, q, v, net] of DEVIATIONS) {
      const layer = deepnorm({ layers }).gains(nn.sequence({ attention: nn.attention(d, { heads: 2 }), ffn: nn.ffn(d, { hidden }) }))
      const { list } = flatten<nn.Parameter>(layer.parameters)
      const values = flatten<NDArray>(layer.init(key.fork(d).fork(layers)).params).list
      const want = [[q, q, v], [v], [net], [net]]
      list
        .map((p, i) => [p, values[i]!] as const)
        .filter(([p]) => p.role === 'weight')
        .forEach(([p, a], k) => {
          const width = a.shape.at(-1)! / p.parts.length
          p.parts.forEach(({ init }, j) => {
            const own = [...numbersOf(a)].filter((_, i) => Math.floor(i / width) % p.parts.length === j)
            declared.push(Math.abs(nn.deviationOf(p, init) / want[k]![j]! - 1))
            drawn.push(Math.abs(deviation(own) / want[k]![j]! - 1))
          })
        })
    }
    return {
      table: Math.max(...table),
      identity: Math.max(...identities),
      declared: Math.max(...declared),
      drawn: Math.max(...drawn),
      count: drawn.length,
    }
  },
  conclude: of => {
    const [r] = of('tables') as [ReturnType<typeof of>[number]]
    return {
      claims: [
        exact('constants: largest difference to the tables', r.table),
        exact('constants: largest error of 4N·β² = α² and 6M·β² = α²', r.identity),
        exact('first values: largest relative difference of declared deviations to the table', r.declared),
        exact('first values: largest relative difference of drawn deviations to the table', r.drawn),
      ],
      notes: [`${r.count} matrices or thirds of fused ones were drawn.`],
    }
  },
})
