import { functionUpdate, residualStream, type Scheme, updateBound } from '@dioramic/learn/deepnorm'
import { copied } from '@dioramic/learn/theory'
import { type Key, type NDArray, nn, optim, plot, type Tensor, type Tree, trainStep } from '@dioramic/tensor'
import { exact, meanOf, ratioOfPairs } from '../evidence.ts'
import { part } from '../experiment.ts'
import { arena, causalBlock, deepLm, lossOf, runtime, SCHEMES, TITLES } from './model.ts'
import { drawnTokens } from './tokens.ts'

const RULES = { sgd: () => optim.sgd({ lr: 0.01 }), adam: () => optim.adam({ lr: 1e-3 }) }
const NAMES = { sgd: 'gradient descent', adam: 'Adam' } as const
type Rule = keyof typeof RULES

/** What of the blocks is updated: everything at the rates of its depth; everything at one rate; or, at one rate, the matrices of the branches, of which alone the theory speaks. */
const PARTS = { rates: () => true, all: () => true, matrices: (path: string) => /\/(qkv|out|w)$/.test(path) }
type Which = keyof typeof PARTS
/** How a claim ends. */
const OF = { rates: ', rates by depth', all: '', matrices: ', matrices alone' } as const

/** How far the first update of the blocks moves the stream behind the last one, and the paper's bound of it. */
async function firstUpdate(scheme: Scheme, layers: number, rule: Rule, which: Which, key: Key) {
  const [d, time, batch, vocabulary] = [32, 16, 8, 64]
  const model = deepLm(scheme, { layers, d, time, vocabulary, optimizer: rule })
  const { params: before, state } = model.init(key.fork('init'))
  const x = drawnTokens(key.fork('x'), [batch, time], vocabulary)
  const y = drawnTokens(key.fork('y'), [batch, time], vocabulary)
  const training = await trainStep(
    lossOf(model),
    optim.chain(
      RULES[rule](),
      ...(which === 'rates' ? [optim.scaleUpdates(nn.factorsOf(model))] : []),
      optim.freeze(path => !path.startsWith('blocks/') || !PARTS[which](path)),
    ),
    {
      runtime,
      arena,
      params: before,
      state,
      key,
    },
  )
  await training.step({ x, y })
  const after = copied(training.params)
  await training.dispose()
  const stream = residualStream(scheme, { layers })
  type Parts = Record<'embedding' | 'positions' | 'blocks' | 'end', Tree<Tensor>>
  const { embedding, positions } = { embedding: nn.embedding(vocabulary, d), positions: nn.learnedPositions(time, d) }
  const [blocks, end] = [nn.repeat(layers, causalBlock(stream, d)), stream.end(d)]
  const hidden = (p: Tree<Tensor>, tokens: Tensor) => {
    const own = p as Parts
    const [start] = positions.apply(own.positions, {}, embedding.apply(own.embedding, {}, tokens)[0])
    return end.apply(own.end, {}, blocks.apply(own.blocks, (state as unknown as Parts).blocks, start)[0])[0]
  }
  const of = (p: Tree<NDArray>) => (p as unknown as { blocks: Tree<NDArray> }).blocks
  return {
    layers,
    update: await functionUpdate(hidden, before, after, x, runtime),
    bound: updateBound(blocks, of(before), of(after), { alpha: stream.alpha }),
  }
}

const WHICH = ['rates', 'all', 'matrices'] as const satisfies readonly Which[]

/** What the first update does to models of growing depth. */
export const update = part({
  name: 'update',
  about:
    'The first update of the blocks of a model of d 32 on random tokens, by gradient descent at a rate of 0.01, of which the theory speaks, and by Adam at 0.001: of all their parameters at the rates of their depth (`rates`), of all at one rate, and of their matrices alone, without biases and the norms’ gains. ‖ΔF‖ is the root mean square by which the stream behind the last block moves. The bound is √(v² + w²)/α·‖Δθ‖ summed over branches.',
  arms: SCHEMES,
  code: ['lab/src/deepnorm/update.ts', 'lab/src/deepnorm/model.ts', 'lab/src/deepnorm/tokens.ts', 'learn/src/deepnorm', 'tensor/src'],
  config: quick => ({ seeds: quick ? 1 : 3, depths: quick ? [6, 100] : [6, 25, 100], rules: quick ? ['sgd'] : ['sgd', 'adam'] }),
  seconds: ({ depths, rules }) => 2 * depths.length * rules.length,
  run: async ({ arm, config: { depths, rules }, key }) => {
    const out = []
    for (const rule of rules)
      for (const which of WHICH)
        for (const layers of depths) out.push({ rule, which, ...(await firstUpdate(arm as Scheme, layers, rule as Rule, which, key)) })
    return out
  },
  conclude: (of, { depths, rules }) => {
    const at = (arm: Scheme, rule: string, which: Which, layers: number, what: 'update' | 'bound') =>
      of(arm).map(r => r.find(p => p.rule === rule && p.which === which && p.layers === layers)![what])
    const growth = (arm: Scheme, rule: Rule, which: Which) =>
      ratioOfPairs(
        `first update by ${NAMES[rule]}${OF[which]}: 100 blocks / 6 blocks, ${TITLES[arm]}`,
        at(arm, rule, which, 100, 'update'),
        at(arm, rule, which, 6, 'update'),
      )
    const share = (which: Which) =>
      exact(
        `first update by gradient descent${OF[which]}: largest share of its bound, DeepNorm`,
        Math.max(
          ...of('deepnorm')
            .flat()
            .filter(p => p.rule === 'sgd' && p.which === which)
            .map(p => p.update / p.bound),
        ),
      )
    const lines = (arms: readonly Scheme[]) => arms.flatMap(arm => WHICH.map(which => [arm, which] as const))
    return {
      claims: [
        ...rules.flatMap(rule => lines(SCHEMES).map(([arm, which]) => growth(arm, rule as Rule, which))),
        ...WHICH.map(share),
        ratioOfPairs(
          'first update by gradient descent at 100 blocks: post-LN / DeepNorm',
          at('post-ln', 'sgd', 'all', 100, 'update'),
          at('deepnorm', 'sgd', 'all', 100, 'update'),
        ),
      ],
      plots: rules.map(rule => ({
        caption: `‖ΔF‖ of the first update by ${NAMES[rule as Rule]}; means over seeds.`,
        svg: plot(
          [
            ...lines(SCHEMES).map(([arm, which]) => ({
              name: `${TITLES[arm]}${OF[which]}`,
              points: depths.map(n => [n, meanOf(at(arm, rule, which, n, 'update'))] as const),
            })),
            { name: 'bound of DeepNorm', points: depths.map(n => [n, meanOf(at('deepnorm', rule, 'all', n, 'bound'))] as const) },
          ],
          { x: 'blocks', y: '‖ΔF‖', logX: true, logY: true, title: `The first update, ${NAMES[rule as Rule]}` },
        ),
      })),
      tables: rules.map(rule => ({
        caption: `The first update by ${NAMES[rule as Rule]}; means over seeds.`,
        head: ['blocks', ...lines(SCHEMES).map(([arm, which]) => `${TITLES[arm]}${OF[which]}`), 'bound of DeepNorm'],
        rows: depths.map(n => [
          n,
          ...lines(SCHEMES).map(([arm, which]) => meanOf(at(arm, rule, which, n, 'update'))),
          meanOf(at('deepnorm', rule, 'all', n, 'bound')),
        ]),
      })),
    }
  },
})
