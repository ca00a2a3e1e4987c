/** A task that decision trees like and plain networks do not, drawn and so there on every machine (Gorishniy et al. 2022, section 5.1). */
import { Draws } from '@dioramic/learn/agent'
import { quantileBins, rowModel, treeBins } from '@dioramic/learn/embeddings'
import { columnsOf, momentsOf, predictor, type Rows, trainRows } from '@dioramic/learn/tabular'
import { fillNormal, Key } from '@dioramic/tensor'
import { mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { arena, runtime } from './engine.ts'

const WIDTH = 8
const DEPTH = 6
const TREES = 4
/** One task for all seeds; each has rows of its own. */
const TASK = Key.fromSeed(0).fork('forest')

/** Standard normal features, and the mean of oblivious trees: on each level one feature against one threshold, standard normal leaves. */
function drawn(rows: number, task: Key, key: Key): { readonly x: Float32Array; readonly y: Float64Array } {
  const x = new Float32Array(rows * WIDTH)
  fillNormal(x, key.fork('x').words)
  const trees = Array.from({ length: TREES }, (_, t) => {
    const d = new Draws(task.fork(t))
    return {
      levels: Array.from({ length: DEPTH }, () => ({ feature: d.int(WIDTH), threshold: d.normal() })),
      leaves: Array.from({ length: 2 ** DEPTH }, () => d.normal()),
    }
  })
  const y = Float64Array.from({ length: rows }, (_, i) =>
    meanOf(trees.map(t => t.leaves[t.levels.reduce((n, l) => 2 * n + Number(x[i * WIDTH + l.feature]! > l.threshold), 0)]!)),
  )
  return { x, y }
}

const ARMS = ['MLP', 'MLP-Q with 8 bins', 'MLP-Q with 64 bins', 'MLP-T with 64 bins'] as const
const slug = (name: string) => name.replaceAll(' ', '-')

export const forest = part({
  name: 'forest',
  about:
    'Standard normal features; the target is the mean of four oblivious trees of depth 6, so it jumps where a feature passes a threshold. Encodings give a network those jumps, the more bins the better. RMSE of the standardised target.',
  arms: ARMS.map(slug),
  code: ['lab/src/embeddings/forest.ts', 'learn/src/embeddings', 'learn/src/tabular/train.ts', 'tensor/src'],
  config: quick => ({ seeds: quick ? 3 : 5, rows: quick ? 4000 : 8000, epochs: quick ? 6 : 60, patience: 8 }),
  seconds: ({ epochs }) => epochs / 8,
  run: async ({ arm, config: { rows, epochs, patience }, key }) => {
    const { x, y } = drawn(2 * rows, TASK, key.fork('data'))
    const { mean: centre, deviation } = momentsOf(y.subarray(0, rows))
    const take = (from: number, n: number): Rows => ({
      x: x.slice(from * WIDTH, (from + n) * WIDTH),
      width: WIDTH,
      y: y.slice(from, from + n).map(v => (v - centre) / deviation),
    })
    const [train, validation, test] = [take(0, rows), take(rows, rows / 4), take(rows * 1.25, rows * 0.75)]
    const columns = columnsOf(train, WIDTH)
    const bins = arm.startsWith('MLP-Q')
      ? quantileBins(columns, Number(/\d+/.exec(arm)![0]))
      : arm.startsWith('MLP-T')
        ? treeBins(columns, { kind: 'regression', y: train.y }, { leaves: 64, minLeaf: 32, minDecrease: 1e-4 })
        : undefined
    const model = rowModel({
      numbers: WIDTH,
      outputs: 1,
      embedding: bins ? arm[4]! : 'none',
      ...(bins ? { embeddingOptions: { bins } } : {}),
      backbone: { kind: 'mlp', widths: [256, 128], dropout: 0.1 },
    })
    const outputs = { kind: 'regression' } as const
    const settings = { lr: 1e-3, weightDecay: 1e-5, batch: 128, epochs, patience }
    const t = await trainRows(model, outputs, { train, validation }, settings, { runtime, arena, key: key.fork('run') })
    const p = await predictor(model, outputs, runtime)(t.params, t.state, test)
    return { rmse: Math.sqrt(meanOf([...p].map((v, i) => (v - test.y[i]!) ** 2))) }
  },
  conclude: of => {
    const values = (name: (typeof ARMS)[number]) => of(slug(name)).map(r => r.rmse)
    const less = (a: (typeof ARMS)[number], b: (typeof ARMS)[number]) => {
      const better = values(b)
      return mean(
        `forest: RMSE of ${a} less ${b}`,
        values(a).map((v, i) => v - better[i]!),
      )
    }
    return {
      claims: [less('MLP', 'MLP-Q with 64 bins'), less('MLP-Q with 8 bins', 'MLP-Q with 64 bins')],
      tables: [
        {
          caption: 'RMSE on test rows; 1 is the mean of the target.',
          head: ['', 'RMSE', '± 95 %'],
          rows: ARMS.map(n => {
            const m = mean('', values(n))
            return [n, m.value, m.interval[1] - m.value]
          }),
        },
      ],
    }
  },
})
