import { blockRecurrentLm } from '@dioramic/learn/block-recurrent'
import { type LanguageModel, languageLoss, transformerLm } from '@dioramic/learn/language'
import { compile, i64, type Key, type NDArray, plot, Tensor, type Tree, valueAndGrad } from '@dioramic/tensor'
import { exact } from '../evidence.ts'
import { part } from '../experiment.ts'
import { runtime } from '../theory/engine.ts'
import { ofModels } from './sources.ts'

const ARMS = { 'block-recurrent': 'block-recurrent', window: 'sliding window', full: 'full attention' } as const
type Arm = keyof typeof ARMS

const VOCABULARY = 32

/** One head, so that full attention's matrices fit into memory as long as may be. */
function modelOf(arm: Arm, time: number): LanguageModel {
  const sizes = { vocabulary: VOCABULARY, d: 64, heads: 1, time }
  if (arm === 'full') return transformerLm({ ...sizes, layers: 2 })
  return blockRecurrentLm({ ...sizes, layers: 2, window: 64, batch: 1, recurrent: arm === 'window' ? [] : [-1] })
}

/** Least of some runs' processor seconds for the loss and its gradient on one segment. */
async function secondsOf(arm: Arm, time: number, runs: number, key: Key): Promise<number> {
  const model = modelOf(arm, time)
  const { params, state } = model.layer.init(key)
  const loss = languageLoss(model)
  const step = compile((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor, start: Tensor, k: Tensor) => {
    const of = (q: Tree<Tensor>) => {
      const out = loss(q, s, { x, y: x, start }, k)
      return out instanceof Tensor ? out : out[0]
    }
    const [value, gradient] = valueAndGrad(of)(p)
    return { value, gradient } as Tree<Tensor>
  }, runtime)
  const batch = i64(
    Array.from({ length: time }, (_, t) => (t * t + 3 * t) % VOCABULARY),
    [1, time],
  )
  const start: NDArray = { dtype: 'bool', shape: [1], data: Uint8Array.of(1) }
  const seed = i64([1, 2])
  let least = Number.POSITIVE_INFINITY
  try {
    for (let i = 0; i <= runs; i++) {
      const before = process.cpuUsage()
      await step(params, state, batch, start, seed)
      const { user, system } = process.cpuUsage(before)
      // The first run compiles.
      if (i > 0) least = Math.min(least, (user + system) / 1e6)
    }
  } finally {
    await step.dispose()
  }
  return least
}

/** Slope of the least squares line through log seconds over log length. */
export function slope(points: readonly (readonly [length: number, seconds: number])[]): number {
  const xs = points.map(([n]) => Math.log(n))
  const ys = points.map(([, s]) => Math.log(s))
  const [mx, my] = [xs, ys].map(v => v.reduce((a, b) => a + b, 0) / v.length) as [number, number]
  return xs.reduce((a, x, i) => a + (x - mx) * (ys[i]! - my), 0) / xs.reduce((a, x) => a + (x - mx) ** 2, 0)
}

/** Time of one differentiated segment by its length. */
export const cost = part({
  name: 'cost',
  about:
    'Processor time of the loss and its gradient on one segment of one text, two layers of width 64 with one head, window and states 64, on one thread; the least of several runs. Full attention is a plain transformer of the same sizes.',
  arms: ['time'],
  code: [...ofModels('cost'), 'learn/src/language/transformer.ts', 'tensor/src/nn/attention.ts'],
  config: quick => ({
    seeds: 1,
    lengths: quick ? [512, 1024, 2048, 4096] : [512, 1024, 2048, 4096, 8192],
    longest: { 'block-recurrent': 8192, window: 8192, full: quick ? 2048 : 8192 } as Record<Arm, number>,
    runs: 2,
  }),
  seconds: ({ lengths }) => (lengths.length > 4 ? 150 : 25),
  run: async ({ config: { lengths, longest, runs }, key }) => {
    const rows: { arm: Arm; points: [number, number][] }[] = (Object.keys(ARMS) as Arm[]).map(arm => ({ arm, points: [] }))
    for (const n of lengths) for (const row of rows) if (n <= longest[row.arm]) row.points.push([n, await secondsOf(row.arm, n, runs, key)])
    return rows
  },
  conclude: of => {
    const [rows] = of('time')
    const points = (arm: Arm) => rows!.find(r => r.arm === arm)!.points
    const last = points('block-recurrent').at(-1)!
    const full = points('full')
    const far = full.at(-1)!
    const beside = points('block-recurrent').find(([n]) => n === far[0])!
    return {
      claims: [
        exact('cost: slope of log time on log length, block-recurrent', slope(points('block-recurrent'))),
        exact('cost: slope of log time on log length, sliding window', slope(points('window'))),
        exact('cost: slope of log time on log length, full attention from 1,024', slope(full.filter(([n]) => n >= 1024))),
        exact(`cost: full attention / block-recurrent at ${far[0]} tokens`, far[1] / beside[1]),
        exact(`cost: block-recurrent / sliding window at ${last[0]} tokens`, last[1] / points('window').at(-1)![1]),
      ],
      tables: [
        {
          caption: 'Milliseconds of one segment, forwards and backwards.',
          head: ['tokens', ...Object.values(ARMS)],
          rows: points('block-recurrent').map(([n], i) => [n, ...rows!.map(r => (r.points[i] ? 1000 * r.points[i]![1] : '–'))]),
        },
      ],
      plots: [
        {
          caption: 'Time of one differentiated segment by its length.',
          svg: plot(
            rows!.map(r => ({ name: ARMS[r.arm], points: r.points.map(([n, s]) => [n, 1000 * s] as const) })),
            { x: 'tokens of the segment', y: 'ms', logX: true, logY: true, title: 'Time by length' },
          ),
        },
      ],
    }
  },
})
