import { depthProfile, type Scheme, withoutBlocks } from '@dioramic/learn/deepnorm'
import {
  argMax,
  type Batches,
  cast,
  compile,
  crossEntropy,
  equal,
  item,
  type Key,
  mean,
  type NDArray,
  type nn,
  plot,
  slice,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import { mean as meanClaim, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { curveOf, deepLm, runtime, TITLES, trained } from './model.ts'
import { drawnTokens } from './tokens.ts'

const BACK = 3
const ARMS = ['deepnorm', 'post-ln'] as const satisfies readonly Scheme[]

/** Only attention solves it: each answer is the token of three positions before. */
export const copy = part({
  name: 'copy',
  about:
    'Random tokens of 8; the answer at each position is the token that stood three before it, which only attention can fetch. 100 blocks of d 32, windows of 16, 16 a batch, Adam at 0.03/√blocks, 0.03/blocks for biases and the norms’ gains, 0.003 around the blocks. Accuracy on 2,048 fresh tokens; chance is 0.125.',
  arms: ARMS,
  code: ['lab/src/deepnorm/copy.ts', 'lab/src/deepnorm/model.ts', 'lab/src/deepnorm/tokens.ts', 'learn/src/deepnorm', 'tensor/src'],
  config: quick => ({
    seeds: quick ? 1 : 3,
    layers: 100,
    d: 32,
    time: 16,
    batch: 16,
    vocabulary: 8,
    updates: quick ? 80 : 100,
    lr: 0.03,
    edges: 3e-3,
  }),
  seconds: ({ updates }) => updates / 5,
  run: async ({ arm, config, key }) => {
    const { time, batch, vocabulary, updates } = config
    const model = deepLm(arm as Scheme, config)
    const parts = (of: nn.Layer, p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) =>
      [slice(of.apply(p, s, x)[0], [null, [BACK]]), slice(x, [null, [0, time - BACK]])] as const
    const loss = (p: Tree<Tensor>, s: Tree<Tensor>, b: { x: Tensor }) => crossEntropy(...parts(model, p, s, b.x))
    const batchOf = (k: Key) => ({ x: drawnTokens(k, [batch, time], vocabulary) })
    const data: Batches<object> = { perEpoch: updates, at: (_, i) => batchOf(key.fork('data').fork(i)) }
    const { losses, skipped, params } = await trained(model, loss, data, config, key)
    const { state } = model.init(key)
    const right = compile<readonly Tree<NDArray>[]>((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => {
      const [logits, want] = parts(model, p, s, x)
      return mean(cast(equal(argMax(logits), want), 'f32'))
    }, runtime)
    const fresh = drawnTokens(key.fork('test'), [128, time], vocabulary)
    const accuracy = item((await right(params, state, fresh)) as NDArray)
    await right.dispose()
    const nats = async (kept: number, of: Tree<NDArray>) => {
      const some = deepLm(arm as Scheme, config, kept)
      const run = compile<readonly Tree<NDArray>[]>(
        (p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => crossEntropy(...parts(some, p, s, x)),
        runtime,
      )
      const value = item((await run(of, some.init(key).state, fresh)) as NDArray)
      await run.dispose()
      return value
    }
    const [from, to] = [Math.floor(config.layers / 4), Math.floor((3 * config.layers) / 4)]
    const ablated = await nats(config.layers - (to - from), withoutBlocks(params, 'blocks', from, to))
    const [profile] = await depthProfile(loss, {
      params: model.init(key.fork('init')).params,
      state,
      batch: batchOf(key.fork('profile')),
      key,
      runtime,
    })
    return {
      accuracy,
      depth: ablated - (await nats(config.layers, params)),
      skipped,
      curve: curveOf(losses, 20),
      gradient: profile!.gradient,
    }
  },
  conclude: (of, { layers }) => ({
    claims: [
      ...ARMS.map(arm =>
        meanClaim(
          `copying three back with ${layers} blocks: accuracy, ${TITLES[arm]}`,
          of(arm).map(r => r.accuracy),
        ),
      ),
      meanClaim(
        `copying three back with ${layers} blocks: nats that the middle half is worth, DeepNorm`,
        of('deepnorm').map(r => r.depth),
      ),
    ],
    plots: [
      {
        caption: 'The loss of the first seed, in nats; the logarithm of 8 is 2.08.',
        svg: plot(
          ARMS.map(arm => ({ name: TITLES[arm], points: of(arm)[0]!.curve })),
          { x: 'update', y: 'loss', title: `Copying with ${layers} blocks` },
        ),
      },
      {
        caption: 'Norm of the gradient by each block’s parameters at first values, first seed.',
        svg: plot(
          ARMS.map(arm => ({ name: TITLES[arm], points: of(arm)[0]!.gradient.map((g, i) => [i + 1, g] as const) })),
          { x: 'block', y: 'gradient', logY: true, title: 'Gradients before training' },
        ),
      },
    ],
    tables: [
      {
        caption: 'Means over seeds.',
        head: ['', 'accuracy', 'nats that the middle half is worth', 'updates left out'],
        rows: ARMS.map(arm => [
          TITLES[arm],
          meanOf(of(arm).map(r => r.accuracy)),
          meanOf(of(arm).map(r => r.depth)),
          meanOf(of(arm).map(r => r.skipped)),
        ]),
      },
    ],
  }),
})
