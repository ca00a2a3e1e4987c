import { blockRecurrentLm, restart } from '@dioramic/learn/block-recurrent'
import {
  argMax,
  compile,
  crossEntropy,
  f32,
  flatten,
  Key,
  leaves,
  type NDArray,
  nn,
  optim,
  plot,
  type Tensor,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import { exact, mean, meanOf, share } from '../evidence.ts'
import { part } from '../experiment.ts'
import { arena, runtime } from '../theory/engine.ts'
import { ofModels } from './sources.ts'
import { CHANCE, documents, FACTS, type Segment, VALUES, VOCABULARY } from './task.ts'

const ARMS = {
  'block-recurrent': { layers: 2, recurrent: [-1] },
  'transformer-xl': { layers: 3, recurrent: [], gradient: 'window' },
} as const
type Arm = keyof typeof ARMS

const WINDOW = 8
const SEGMENT = 64
/** Segments of a document on which is tested; training documents have one. */
const SEGMENTS = 4
/** As far as the layers of Transformer-XL see: beyond, only states can answer. */
const REACH = 3 * WINDOW

const modelOf = (arm: Arm, batch: number): nn.Layer =>
  blockRecurrentLm({ ...ARMS[arm], vocabulary: VOCABULARY, d: 32, heads: 2, window: WINDOW, states: 16, batch, time: SEGMENT }).layer

/** Answers to all questions of one distance: how many there were, how many were right, and how many when the states are cleared at every segment. */
interface Answers {
  distance: number
  asked: number
  right: number
  cleared: number
}

/** The state with the recurrent layers' states as at a document's start; keys and values stay. */
function withClearedStates(state: Tree<NDArray>, params: Tree<NDArray>): Tree<NDArray> {
  const initial = new Map(
    leaves<NDArray>(params).flatMap(([path, a]) => (path.endsWith('/initial') ? [[path.replace(/initial$/, 'states'), a]] : [])),
  )
  const { list, paths, rebuild } = flatten<NDArray>(state)
  const cleared = list.map((a, i) => {
    const rows = initial.get(paths[i]!)
    if (!rows) return a
    return f32(
      Float32Array.from({ length: a.data.length }, (_, k) => rows.data[k % rows.data.length] as number),
      a.shape,
    )
  })
  return rebuild(cleared)
}

/** Answers to the questions of some documents. */
async function examine(model: nn.Layer, params: Tree<NDArray>, sets: readonly (readonly Segment[])[]): Promise<Answers[]> {
  const run = compile<readonly Tree<NDArray>[]>((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor, start: Tensor) => {
    const [logits, state] = model.apply(p, restart(s, start), x)
    return { guess: argMax(logits), state } as Tree<Tensor>
  }, runtime)
  const found = new Map<number, Answers>()
  for (const segments of sets)
    for (const cleared of [false, true]) {
      let { state } = model.init(Key.fromSeed(0))
      for (const { x, y, asked, distance, start } of segments) {
        const from = cleared ? withClearedStates(state, params) : state
        const out = (await run(params, from, x, start)) as { guess: NDArray; state: Tree<NDArray> }
        state = out.state
        out.guess.data.forEach((guess, i) => {
          if (asked.data[i] === 0) return
          const d = distance.data[i] as number
          const a = found.get(d) ?? { distance: d, asked: 0, right: 0, cleared: 0 }
          found.set(d, a)
          const right = Number(guess === y.data[i])
          if (cleared) a.cleared += right
          else {
            a.asked++
            a.right += right
          }
        })
      }
    }
  await run.dispose()
  return [...found.values()].sort((a, b) => a.distance - b.distance)
}

type Batch = { readonly x: Tensor; readonly y: Tensor; readonly asked: Tensor; readonly start: Tensor }

const over = (answers: readonly Answers[], from: number, to = Number.POSITIVE_INFINITY) => {
  const some = answers.filter(a => a.distance > from && a.distance <= to)
  const total = (f: (a: Answers) => number) => some.reduce((n, a) => n + f(a), 0)
  return { asked: total(a => a.asked), right: total(a => a.right), cleared: total(a => a.cleared) }
}
const accuracy = ({ asked, right }: { asked: number; right: number }) => right / asked

/** Facts asked for beyond every window. */
export const recall = part({
  name: 'recall',
  about: `A document begins with ${FACTS} facts (one token each: a key with one of ${VALUES} values) and then asks for them at every other token. Window ${WINDOW}, states 16, width 32. Two layers, the second recurrent, beside three of Transformer-XL, which see ${REACH} tokens back; trained on documents of one segment of ${SEGMENT} tokens, tested on documents of ${SEGMENTS}. Guessing gives ${CHANCE}.`,
  arms: Object.keys(ARMS),
  code: ofModels('recall', 'task'),
  config: quick => ({ seeds: quick ? 1 : 5, updates: quick ? 300 : 900, batch: 16, documents: quick ? 32 : 64 }),
  seconds: ({ updates }) => updates * 0.04 + 4,
  run: async ({ arm, config: { updates, batch, documents: count }, key }) => {
    const model = modelOf(arm as Arm, batch)
    const loss = (p: Tree<Tensor>, s: Tree<Tensor>, b: Batch, k: Tensor) => {
      const [logits, next] = model.apply(p, restart(s, b.start), b.x, { key: k, train: true })
      return [crossEntropy(logits, b.y, { weights: b.asked }), next] as const
    }
    const rule = optim.chain(
      optim.clipByGlobalNorm(1),
      optim.adam({ lr: optim.cosine(8e-3, updates, { warmup: 50 }) }),
      optim.scaleUpdates(nn.factorsOf(model)),
    )
    const training = await trainStep(loss, rule, { runtime, arena, ...model.init(key.fork('init')), key })
    const losses: number[] = []
    for (let i = 0; i < updates; i++) {
      const [segment] = documents(key.fork('train').fork(i), batch, SEGMENT, 1)
      losses.push((await training.step(segment!)).loss)
    }
    const sets = Array.from({ length: count / batch }, (_, i) => documents(key.fork('test').fork(i), batch, SEGMENT, SEGMENTS))
    const answers = await examine(model, training.params, sets)
    await training.dispose()
    return { answers, loss: meanOf(losses.slice(-20)) } as { answers: { [K in keyof Answers]: number }[]; loss: number }
  },
  conclude: of => {
    const [recurrent, xl] = [of('block-recurrent'), of('transformer-xl')]
    const far = recurrent.map(r => accuracy(over(r.answers, REACH)))
    const all = recurrent.flatMap(r => r.answers)
    const later = over(all, SEGMENT)
    const xlFar = over(
      xl.flatMap(r => r.answers),
      REACH,
    )
    const EDGES = [0, WINDOW, 2 * WINDOW, REACH, 48, SEGMENT, 96, 128, 160, 192, 224, SEGMENT * SEGMENTS]
    const curve = (rows: readonly Answers[], f: (o: ReturnType<typeof over>) => number) =>
      EDGES.slice(1).map((to, i) => [to, f(over(rows, EDGES[i]!, to))] as const)
    const xlRows = xl.flatMap(r => r.answers)
    return {
      claims: [
        exact(`recall: seeds of five with over 0.9 beyond layers × window`, far.filter(a => a > 0.9).length),
        mean('recall: accuracy of block-recurrent beyond layers × window', far),
        share('recall: accuracy of block-recurrent beyond the trained segment', later.right, later.asked),
        share('recall: the same with states cleared at every segment', later.cleared, later.asked),
        share('recall: accuracy of Transformer-XL beyond layers × window', xlFar.right, xlFar.asked),
      ],
      plots: [
        {
          caption: `Accuracy by the distance of the fact; all seeds. Layers × window is ${REACH}, the trained segment ${SEGMENT}.`,
          svg: plot(
            [
              { name: 'block-recurrent', points: curve(all, accuracy) },
              { name: 'states cleared at every segment', points: curve(all, o => o.cleared / o.asked) },
              { name: 'Transformer-XL', points: curve(xlRows, accuracy) },
              { name: 'guessing', points: [[WINDOW, CHANCE] as const, [SEGMENT * SEGMENTS, CHANCE] as const] },
            ],
            { x: 'tokens since the fact', y: 'accuracy', title: 'Recall by distance' },
          ),
        },
      ],
      tables: [
        {
          caption: 'Seeds.',
          head: ['seed', 'block-recurrent beyond layers × window', 'beyond the trained segment', 'Transformer-XL beyond layers × window'],
          rows: recurrent.map((r, i) => [i, far[i]!, accuracy(over(r.answers, SEGMENT)), accuracy(over(xl[i]!.answers, REACH))]),
        },
      ],
    }
  },
})
