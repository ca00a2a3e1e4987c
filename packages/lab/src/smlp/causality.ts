/** Whether anything that comes later, by its value or by where it is routed, changes what is said before. */
import { balancedHash, prefixLength } from '@dioramic/learn/smlp'
import {
  add,
  compile,
  f32,
  fillNormal,
  flatten,
  grad,
  i64,
  type Key,
  mul,
  type NDArray,
  nn,
  sum,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import { nodeRuntime } from '@dioramic/tensor/node'
import { exact, meanOf, share } from '../evidence.ts'
import { part } from '../experiment.ts'
import { ARMS, type ArmName, armOf, NAIVE, type Shape } from './arms.ts'
import { expertCode } from './code.ts'

const SHAPE: Shape = { vocabulary: 31, time: 40, d: 32, layers: 2, experts: 4 }
const BATCH = 3

function normals(key: Key, shape: readonly number[], scale: number, around?: NDArray): NDArray {
  const z = new Float32Array(shape.reduce((a, b) => a * b, 1))
  fillNormal(z, key.words)
  return f32(
    z.map((v, i) => Number(around?.data[i] ?? 0) + scale * v),
    shape,
  )
}

/** First values with noise, so that spatial matrices mix and routers differ. */
function valuesOf(layer: nn.Layer, key: Key) {
  const { params, state } = layer.init(key)
  const { list, rebuild } = flatten<NDArray>(params)
  return { params: rebuild(list.map((a, i) => normals(key.fork('noise').fork(i), a.shape, 0.3, a))) as Tree<NDArray>, state }
}

/** Adds an offset to each position of each text, to ask for derivatives by it. */
const nudge = nn.layer<{ offset: Tensor }>({
  parameters: { offset: nn.free([BATCH, SHAPE.time, SHAPE.d], nn.zeros) },
  apply: (p, _s, x) => add(x, p.offset),
})

/** A whole number from `low` to below `high`. */
const draw = (key: Key, name: string, low: number, high: number): number =>
  low + Math.floor((key.fork(name).words[0]! / 2 ** 32) * (high - low))

export const causality = part({
  name: 'causality',
  about: `Models with random weights, evaluated. One token of one of ${BATCH} texts is changed: no output before it and none of another text may change by a bit, and no derivative of an earlier output by a later input may differ from 0. Partial prediction is asked behind its prefix. The control routes chunks by the whole text: it must be caught.`,
  arms: [...ARMS, NAIVE],
  code: ['lab/src/smlp/causality.ts', 'lab/src/smlp/arms.ts', ...expertCode],
  config: quick => ({ seeds: quick ? 1 : 5, trials: quick ? 10 : 25 }),
  seconds: ({ trials }) => 1 + trials / 100,
  run: async ({ arm, config: { trials }, key }) => {
    const { vocabulary, time } = SHAPE
    const runtime = nodeRuntime({ threads: 1 })
    const counts = Array.from({ length: vocabulary }, (_, i) => vocabulary - i)
    const { layer, scoredFrom } = armOf(arm as ArmName, SHAPE, balancedHash(counts, SHAPE.experts), nudge)
    const from = arm === NAIVE ? prefixLength(time) : scoredFrom
    const logits = (p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => layer.apply(p, s, x)[0]
    const run = compile(logits, runtime)
    const slopes = compile((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor, u: Tensor) => {
      const { input, ...rest } = p as unknown as Record<string, Tree<Tensor>>
      return grad((offset: Tensor) => sum(mul(u, logits({ ...rest, input: { offset } } as Tree<Tensor>, s, x))))(
        (input as unknown as { offset: Tensor }).offset,
      )
    }, runtime)
    let [earlier, later, slopeEarlier, slopeLater] = [0, 0, 0, 0]
    for (let trial = 0; trial < trials; trial++) {
      const own = key.fork(trial)
      const { params, state } = valuesOf(layer, own)
      const tokens = Array.from({ length: BATCH * time }, (_, i) => draw(own, `token ${i}`, 0, vocabulary))
      const [row, t] = [draw(own, 'row', 0, BATCH), draw(own, 'time', Math.max(1, from), time)]
      const at = row * time + t
      const changed = tokens.with(at, (tokens[at]! + draw(own, 'by', 1, vocabulary)) % vocabulary)
      const x = i64(tokens, [BATCH, time])
      const [a, b] = [await run(params, state, x), await run(params, state, i64(changed, [BATCH, time]))]
      const differs = (i: number) =>
        (a.data as Float32Array).subarray(i * vocabulary, (i + 1) * vocabulary).some((v, k) => v !== b.data[i * vocabulary + k])
      const places = Array.from({ length: BATCH * time }, (_, i) => ({ i, after: i >= at && i < (row + 1) * time }))
      earlier += Number(places.some(({ i, after }) => !after && differs(i)))
      later += Number(places.some(({ i, after }) => after && differs(i)))
      // Weights on the outputs before t of that text: derivatives there, and nowhere else.
      const u = normals(own.fork('weights'), [BATCH, time, vocabulary], 1)
      ;(u.data as Float32Array).fill(0, 0, row * time * vocabulary)
      ;(u.data as Float32Array).fill(0, at * vocabulary)
      const g = (await slopes(params, state, x, u)).data as Float32Array
      for (let i = 0; i < g.length; i++) {
        const place = Math.floor(i / SHAPE.d)
        const inside = place >= row * time && place < at
        if (inside) slopeEarlier = Math.max(slopeEarlier, Math.abs(g[i]!))
        else slopeLater = Math.max(slopeLater, Math.abs(g[i]!))
      }
    }
    await Promise.all([run.dispose(), slopes.dispose()])
    return { trials, earlier, later, slopeEarlier, slopeLater }
  },
  conclude: of => {
    const sum = (arm: string, what: 'trials' | 'earlier' | 'later') => of(arm).reduce((n, r) => n + r[what], 0)
    const most = (arm: string, what: 'slopeEarlier' | 'slopeLater') => Math.max(...of(arm).map(r => r[what]))
    return {
      claims: [
        exact(
          'causality: trials in which an earlier output changed',
          ARMS.reduce((n, a) => n + sum(a, 'earlier'), 0),
        ),
        exact('causality: largest derivative of an earlier output by a later input', Math.max(...ARMS.map(a => most(a, 'slopeLater')))),
        share('causality: share of trials in which the control tells of the future', sum(NAIVE, 'earlier'), sum(NAIVE, 'trials')),
      ],
      tables: [
        {
          caption: 'Trials in which outputs changed, and the largest derivatives by inputs that may and that must not matter.',
          head: ['model', 'trials', 'earlier changed', 'later changed', 'largest derivative, earlier input', 'later input'],
          rows: [...ARMS, NAIVE].map(a => [
            a,
            sum(a, 'trials'),
            sum(a, 'earlier'),
            sum(a, 'later'),
            most(a, 'slopeEarlier'),
            most(a, 'slopeLater'),
          ]),
        },
      ],
      notes: [
        `In ${(100 * meanOf(ARMS.map(a => sum(a, 'later') / sum(a, 'trials')))).toFixed(0)} % of the trials the change was seen at or behind the changed token, so there was something to see.`,
      ],
    }
  },
})
