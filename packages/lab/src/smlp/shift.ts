/** Groups of features that must look back by different distances: what one spatial matrix cannot do for all, and one for each group can. */
import { gmlpBlock, gmlpCost } from '@dioramic/learn/smlp'
import {
  add,
  argMax,
  cast,
  compile,
  crossEntropy,
  equal,
  fit,
  i64,
  interpret,
  type Key,
  type NDArray,
  nn,
  oneHot,
  optim,
  randomInt,
  reshape,
  slice,
  spec,
  sum,
  type Tensor,
  type Tree,
  trace,
  trainStep,
} from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'

/** How far each group looks back. */
const SHIFTS = [1, 5, 9, 13]
const SYMBOLS = 8
const TIME = 32
/** Positions before it have no target. */
const FIRST = Math.max(...SHIFTS)

/** Symbols of each group, i64 [batch, time, groups]. */
function symbols(batch: number, key: Key): NDArray {
  const [draw] = interpret(trace((k: Tensor) => randomInt(k, [batch, TIME, SHIFTS.length], 0, SYMBOLS), [spec('i64', [2])]).graph, [
    i64(key.toInt64(), [2]),
  ])
  return draw!
}

/** Logits [batch, time, groups, symbols] of symbols i64 [batch, time, groups]: one block between two linear layers. */
function model(d: number, hidden: number, chunks: number): nn.Layer {
  const groups = SHIFTS.length
  return nn.sequence({
    hot: nn.fn(x => reshape(oneHot(x, SYMBOLS), [x.shape[0]!, TIME, groups * SYMBOLS])),
    in: nn.linear(groups * SYMBOLS, d),
    block: gmlpBlock(d, { hidden, length: TIME, chunks }),
    norm: nn.layerNorm(d),
    out: nn.linear(d, groups * SYMBOLS),
    apart: nn.fn(x => reshape(x, [x.shape[0]!, TIME, groups, SYMBOLS])),
  })
}

/** Of each group the logits and targets at the positions that have one. */
function pairs(logits: Tensor, x: Tensor): readonly (readonly [Tensor, Tensor])[] {
  const batch = x.shape[0]!
  const cut = (t: Tensor, g: number, from: number, to: number) =>
    slice(t, [
      [0, batch],
      [from, to],
      [g, g + 1],
    ])
  return SHIFTS.map((s, g) => [cut(logits, g, FIRST, TIME), cut(x, g, FIRST - s, TIME - s)])
}

/** One matrix against one for each of four chunks, at equal multiply–adds. */
export const shift = part({
  name: 'channel-shift',
  about: `Four streams of ${SYMBOLS} symbols; at each position the model must say what each stream had ${SHIFTS.join(', ')} positions ago. One block between two linear layers: with one spatial matrix (gMLP), and with four for as many chunks of features (the deterministic sparse all-MLP), which costs no multiply–add more.`,
  arms: ['one matrix', 'four matrices'],
  code: ['lab/src/smlp/shift.ts', 'learn/src/smlp/blocks.ts', 'learn/src/smlp/spatial-gate.ts'],
  config: quick => ({ seeds: quick ? 2 : 5, updates: quick ? 600 : 4000, batch: 16, d: 64, hidden: 128, lr: 1e-2 }),
  seconds: ({ updates }) => updates / 150,
  run: async ({ arm, config: { updates, batch, d, hidden, lr }, key }) => {
    const runtime = nodeRuntime({ threads: 1 })
    const layer = model(d, hidden, arm === 'one matrix' ? 1 : SHIFTS.length)
    const training = await trainStep(
      (p: Tree<Tensor>, s: Tree<Tensor>, { x }: { x: Tensor }) => {
        const [logits, next] = layer.apply(p, s, x, { train: true })
        const losses = pairs(logits, x).map(([l, y]) => crossEntropy(l, y))
        return [losses.reduce((a, b) => add(a, b)), next] as const
      },
      optim.chain(optim.clipByGlobalNorm(1), optim.adamw({ lr: optim.cosine(lr, updates, { warmup: 20 }) }), optim.noDecay()),
      { runtime, arena: createArena, ...layer.init(key.fork('init')), key },
    )
    await fit(training, { batches: { perEpoch: updates, at: (_e, i) => ({ x: symbols(batch, key.fork('batches').fork(i)) }) }, updates })
    const test = symbols(256, key.fork('test'))
    const right = compile(
      (p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => pairs(layer.apply(p, s, x)[0], x).map(([l, y]) => sum(equalTo(l, y))),
      runtime,
    )
    const counts = await right(training.params, training.state, test)
    const groups = (counts as NDArray[]).map(c => Number(c.data[0]) / (256 * (TIME - FIRST)))
    await training.dispose()
    await right.dispose()
    return { groups, accuracy: meanOf(groups), multiplyAdds: gmlpCost({ d, hidden, time: TIME }), parameters: nn.countParameters(layer) }
  },
  conclude: of => {
    const [one, four] = [of('one matrix'), of('four matrices')]
    return {
      claims: [
        mean(
          'channel shift: accuracy with four matrices',
          four.map(r => r.accuracy),
        ),
        mean(
          'channel shift: accuracy with one matrix',
          one.map(r => r.accuracy),
        ),
      ],
      tables: [
        {
          caption: `Accuracy by stream, means over seeds; chance is ${1 / SYMBOLS}.`,
          head: ['spatial matrices', ...SHIFTS.map(s => `${s} ago`), 'all', 'multiply–adds of the block', 'parameters'],
          rows: [one, four].map((rows, i) => [
            i === 0 ? 'one' : 'four',
            ...SHIFTS.map((_, g) => meanOf(rows.map(r => r.groups[g]!))),
            meanOf(rows.map(r => r.accuracy)),
            rows[0]!.multiplyAdds,
            rows[0]!.parameters,
          ]),
        },
      ],
    }
  },
})

const equalTo = (logits: Tensor, y: Tensor): Tensor => cast(equal(argMax(logits), y), 'f32')
