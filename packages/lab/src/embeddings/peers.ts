/** Boosted trees beside the networks, and PyTorch's time beside ours: where Python has them. */
import { columnOf, fitCode, givenSplit, type Rows, rawRows, takeColumn, targetOf, trainRows, typedColumns } from '@dioramic/learn/tabular'
import { Key } from '@dioramic/tensor'
import { type Measurement, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { dataText, lacking } from '../node/data-files.ts'
import { askPython, python, pythonHas } from '../node/python.ts'
import { ADULT, adultTable } from './adult.ts'
import { CALIFORNIA, california } from './california.ts'
import { arena, runtime } from './engine.ts'
import { binsFor, NETWORKS, networkOf, trainingOf } from './networks.ts'

const rowsOf = ({ x, width }: Pick<Rows, 'x' | 'width'>): number[][] =>
  Array.from({ length: x.length / width }, (_, i) => [...x.subarray(i * width, (i + 1) * width)])
const given = (rows: Pick<Rows, 'x' | 'width'>, y: ArrayLike<number>) => ({ x: rowsOf(rows), y: Array.from(y) })

interface Boosted {
  readonly 'scikit-learn': number[]
  readonly LightGBM: number[]
}

/** Boosted trees on the same rows: RMSE of California, accuracy on Adult. */
export const boostedTrees = part({
  name: 'boosted-trees',
  about:
    "Gradient-boosted trees on the same rows: scikit-learn's HistGradientBoosting and LightGBM, with early stopping and settings that do well without tuning. They are the mark that networks of tables are measured by.",
  arms: ['California', 'Adult'],
  code: ['lab/src/embeddings/peers.ts', 'lab/src/node/python.ts', 'lab/src/embeddings/adult.ts', 'lab/src/embeddings/california.ts'],
  config: quick => ({
    seeds: 1,
    trees: quick ? 1 : 5,
    python: pythonHas('sklearn, numpy'),
    california: dataText(CALIFORNIA) !== undefined,
    adult: ADULT.every(f => dataText(f) !== undefined),
  }),
  seconds: ({ trees, python: there }) => (there ? 8 + 8 * trees : 0),
  run: async ({ arm, config: c }) => {
    const none: Boosted = { 'scikit-learn': [], LightGBM: [] }
    if (!c.python) return none as never
    if (arm === 'California') {
      const text = dataText(CALIFORNIA)
      if (text === undefined) return none as never
      const t = await california(text, 'none', Key.fromSeed(0))
      const raw = (y: Float64Array) => y.map(v => v * t.deviation + t.mean)
      return askPython<Boosted>({
        what: 'boosted',
        task: 'regression',
        numbers: 8,
        seeds: c.trees,
        train: given(t.train, raw(t.train.y)),
        validation: given(t.validation, raw(t.validation.y)),
        test: given(t.test, t.test.y),
      }) as never
    }
    const [train, test] = ADULT.map(dataText)
    if (train === undefined || test === undefined) return none as never
    const table = adultTable(train, test)
    const { target } = targetOf(table, 'income')
    const { columns } = typedColumns(table, ['income', 'part'], {})
    const split = givenSplit(columnOf(table, 'part'), 'part')
    const of = (rows: Uint32Array) => columns.map(k => takeColumn(k, rows))
    const code = fitCode(of(split.train), 'none', Key.fromSeed(0))
    const part = (rows: Uint32Array) =>
      given(
        rawRows(of(rows), code),
        Float64Array.from(rows, i => target.y[i]!),
      )
    return askPython<Boosted>({
      what: 'boosted',
      task: 'classification',
      numbers: code.numbers.length,
      seeds: c.trees,
      train: part(split.train),
      validation: part(split.validation),
      test: part(split.test),
    }) as never
  },
  conclude: (of, c) => {
    if (!c.python) return { notes: [`Boosted trees were not run: ${python} has no scikit-learn (name another in DIORAMA_PYTHON).`] }
    const rows = (['California', 'Adult'] as const).flatMap(arm => {
      const found = of(arm)[0] as unknown as Boosted
      return (['scikit-learn', 'LightGBM'] as const)
        .filter(n => found[n].length > 0)
        .map(n => [arm === 'California' ? 'California, RMSE' : 'Adult, accuracy', n, meanOf(found[n])] as const)
    })
    return {
      tables: [{ caption: `Means over ${c.trees} seeds.`, head: ['', 'trees', 'mean'], rows }],
      notes: [
        ...(c.california ? [] : [lacking('California housing was', CALIFORNIA)]),
        ...(c.adult ? [] : [lacking('Adult was', 'adult.data and adult.test')]),
      ],
    }
  },
})

const TIMED = ['MLP', 'MLP-T-LR'] as const
const claimOf = (name: string) => `time of an epoch beside PyTorch: ${name}`

/** An epoch here and in PyTorch, one after the other in one run. */
export const trainingTime = part({
  name: 'training-time',
  about:
    'Processor time of one epoch on California housing (51 batches of 256 rows and the validation rows), here and in PyTorch with rtdl_num_embeddings, on one thread each, one after the other in one run; the faster of several epochs, the first left out. The ratio is ours over theirs.',
  arms: TIMED,
  code: [
    'lab/src/embeddings/peers.ts',
    'lab/src/node/python.ts',
    'lab/src/embeddings/networks.ts',
    'learn/src/embeddings',
    'learn/src/tabular/train.ts',
    'tensor/src',
  ],
  config: quick => ({
    seeds: quick ? 1 : 5,
    epochs: quick ? 3 : 6,
    here: pythonHas('torch, rtdl_num_embeddings') && dataText(CALIFORNIA) !== undefined,
  }),
  seconds: ({ epochs, here }) => (here ? 3 + epochs : 0),
  run: async ({ arm, config: { epochs, here }, key }) => {
    const text = dataText(CALIFORNIA)
    if (!here || text === undefined) return { ours: 0, theirs: 0, version: '', gflops: 0 }
    const t = await california(text, 'quantile', Key.fromSeed(0))
    const network = NETWORKS[arm as (typeof TIMED)[number]]
    const model = networkOf(network, t.train)
    const times: number[] = []
    let before = process.cpuUsage()
    const onEpoch = () => {
      const spent = process.cpuUsage(before)
      times.push((spent.user + spent.system) / 1e6)
      before = process.cpuUsage()
      return true
    }
    await trainRows(model, { kind: 'regression' }, t, trainingOf(network, epochs, epochs), { runtime, arena, key, onEpoch })
    const { seconds, version, gflops } = askPython<{ seconds: number; version: string; gflops: number }>({
      what: 'pytorch',
      epochs,
      batch: 256,
      bins: binsFor(network, t.train) ?? null,
      d: 'd' in network ? network.d : null,
      widths: network.widths,
      dropout: network.dropout,
      lr: network.lr,
      train: given(t.train, t.train.y),
      validation: given(t.validation, t.validation.y),
    })
    return { ours: Math.min(...times.slice(1)), theirs: seconds, version, gflops }
  },
  conclude: (of, { here }) => {
    if (!here)
      return {
        unmeasured: TIMED.map(claimOf),
        notes: [`Time was not measured: it takes ${CALIFORNIA}, and PyTorch with rtdl_num_embeddings in ${python}.`],
      }
    const claims: Measurement[] = TIMED.map(n =>
      mean(
        claimOf(n),
        of(n).map(r => r.ours / r.theirs),
      ),
    )
    const { version, gflops } = of(TIMED[0])[0]!
    return {
      claims,
      notes: [
        `PyTorch ${version}; its matrix products reach ${gflops.toFixed(0)} GFLOP/s on one thread.${gflops < 20 ? ' That is a build with the reference BLAS: put OpenBLAS before it for a fair comparison.' : ''}`,
      ],
      tables: [
        {
          caption: 'Seconds of processor time an epoch, means over runs.',
          head: ['', 'here', 'PyTorch'],
          rows: TIMED.map(n => [n, meanOf(of(n).map(r => r.ours)), meanOf(of(n).map(r => r.theirs))]),
        },
      ],
    }
  },
})
