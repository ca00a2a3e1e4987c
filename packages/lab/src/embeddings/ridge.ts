/** Ridge regression on encodings: no chance in it, so it says what an encoding is worth to a linear model. */
import { encodeRows, quantileBins, treeBins } from '@dioramic/learn/embeddings'
import { columnsOf } from '@dioramic/learn/tabular'
import { cholesky, matrix, solveCholesky } from '@dioramic/learn/theory'
import { Key } from '@dioramic/tensor'
import { exact, type Measurement } from '../evidence.ts'
import { part } from '../experiment.ts'
import { dataText, lacking } from '../node/data-files.ts'
import { CALIFORNIA, california, type SplitTable } from './california.ts'

/** Test RMSE with scikit-learn's QuantileTransformer, trees and Ridge on the same rows. */
const REFERENCE = {
  constant: 1.14212,
  'raw features': 0.7257,
  'quantile-normal features': 0.72956,
  'Q, 2 bins': 0.65389,
  'Q, 4 bins': 0.64188,
  'Q, 8 bins': 0.60996,
  'Q, 16 bins': 0.5813,
  'Q, 32 bins': 0.56293,
  'Q, 64 bins': 0.55842,
  'Q, 128 bins': 0.55328,
  'T, 8 bins': 0.60476,
  'T, 32 bins': 0.56602,
  'T, 91 bins': 0.56137,
} as const

type Name = keyof typeof REFERENCE

const STRENGTHS = [0.01, 0.1, 1, 10]

type Encoded = Readonly<Record<'train' | 'validation' | 'test', readonly ArrayLike<number>[]>>

/** Test RMSE in the target's unit, the strength chosen on validation rows. */
function ridge({ train, validation, test }: Encoded, t: SplitTable, strengths: readonly number[]): number {
  const p = train[0]!.length
  const mean = new Float64Array(p)
  for (const r of train) for (let j = 0; j < p; j++) mean[j]! += r[j]! / train.length
  const gram = new Float64Array(p * p)
  const right = new Float64Array(p)
  const row = new Float64Array(p)
  train.forEach((r, i) => {
    for (let j = 0; j < p; j++) row[j] = r[j]! - mean[j]!
    for (let j = 0; j < p; j++) {
      const v = row[j]!
      right[j]! += v * t.train.y[i]!
      for (let k = 0; k <= j; k++) gram[j * p + k]! += v * row[k]!
    }
  })
  const error = (rows: readonly ArrayLike<number>[], y: (i: number) => number, w: Float64Array) => {
    let sum = 0
    rows.forEach((r, i) => {
      let out = 0
      for (let j = 0; j < p; j++) out += w[j]! * (r[j]! - mean[j]!)
      sum += (out - y(i)) ** 2
    })
    return Math.sqrt(sum / rows.length)
  }
  const tried = strengths.map(alpha => {
    const a = gram.slice()
    for (let j = 0; j < p; j++) {
      a[j * p + j]! += alpha
      for (let k = 0; k < j; k++) a[k * p + j] = a[j * p + k]!
    }
    const w = solveCholesky(cholesky(matrix(p, p, a)), right)
    return { w, validation: error(validation, i => t.validation.y[i]!, w) }
  })
  const best = tried.reduce((a, b) => (b.validation < a.validation ? b : a))
  return t.deviation * error(test, i => (t.test.y[i]! - t.mean) / t.deviation, best.w)
}

export const ridgeTable = part({
  name: 'ridge',
  about:
    'Ridge regression on California housing, rows split as in Gorishniy et al. (2022), the strength of the penalty chosen on validation rows; beside it the same with scikit-learn.',
  arms: ['ridge'],
  code: ['lab/src/embeddings/ridge.ts', 'lab/src/embeddings/california.ts', 'learn/src/embeddings', 'learn/src/tabular/scaling.ts'],
  config: quick => ({
    seeds: 1,
    here: dataText(CALIFORNIA) !== undefined,
    names: (quick ? (Object.keys(REFERENCE) as Name[]).filter(n => !/64|128|91/.test(n)) : Object.keys(REFERENCE)) as Name[],
  }),
  seconds: ({ names }) => (names.length > 10 ? 30 : 8),
  run: async ({ config }) => {
    const text = dataText(CALIFORNIA)
    if (text === undefined) return { rmse: {} as Record<string, number> }
    const key = Key.fromSeed(0)
    const [scaled, raw] = [await california(text, 'quantile', key), await california(text, 'none', key)]
    const plain = (t: SplitTable): Encoded => {
      const rows = ({ x, width }: { x: Float32Array; width: number }) =>
        Array.from({ length: x.length / width }, (_, i) => x.subarray(i * width, (i + 1) * width))
      return { train: rows(t.train), validation: rows(t.validation), test: rows(t.test) }
    }
    const columns = columnsOf(scaled.train, 8)
    const encoded = (name: string): Encoded => {
      const count = Number(/\d+/.exec(name)![0])
      const tree = count === 91 ? { minLeaf: 51, minDecrease: 4.4e-4 } : { minLeaf: 64, minDecrease: 1e-4 }
      const bins = name.startsWith('Q')
        ? quantileBins(columns, count)
        : treeBins(columns, { kind: 'regression', y: scaled.train.y }, { leaves: count, ...tree })
      const of = (rows: { x: Float32Array; width: number }) => encodeRows(columnsOf(rows, 8), bins)
      return { train: of(scaled.train), validation: of(scaled.validation), test: of(scaled.test) }
    }
    const value = (name: string): number => {
      if (name === 'constant') return Math.sqrt(scaled.test.y.reduce((s, v) => s + (v - scaled.mean) ** 2, 0) / scaled.test.y.length)
      if (name === 'raw features') return ridge(plain(raw), raw, [0])
      if (name === 'quantile-normal features') return ridge(plain(scaled), scaled, [0])
      return ridge(encoded(name), scaled, STRENGTHS)
    }
    return { rmse: Object.fromEntries(config.names.map(name => [name, value(name)])) as Record<string, number> }
  },
  conclude: (of, { here, names }) => {
    const claim = 'ridge: largest difference to scikit-learn'
    if (!here) return { unmeasured: [claim], notes: [lacking('Ridge regression was', CALIFORNIA)] }
    const { rmse } = of('ridge')[0]!
    const claims: Measurement[] = [exact(claim, Math.max(...names.map(n => Math.abs(rmse[n]! - REFERENCE[n]))))]
    return {
      claims,
      tables: [
        {
          caption: 'RMSE on 4,128 test rows. Q: quantile bins, T: tree bins.',
          head: ['features', 'here', 'scikit-learn'],
          rows: names.map(n => [n, rmse[n]!, REFERENCE[n]]),
        },
      ],
    }
  },
})
