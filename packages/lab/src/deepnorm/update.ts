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

/** How far the first update of the blocks moves the stream behind the last one, and the paper's bound of it. */
async function firstUpdate(scheme: Scheme, layers: number, rule: Rule, key: Key) {
  const [d, time, batch, vocabulary] = [32, 16, 8, 64]
  const model = deepLm(scheme, { layers, d, time, vocabulary })
  const { params: before, state } = model.init(key.fork('init'))
  const x = drawnTokens(key.fork('x'), [batch, time], vocabulary)
  const y = drawnTokens(key.fork('y'), [batch, time], vocabulary)
  const training = await trainStep(
    lossOf(model),
    optim.chain(
      RULES[rule](),
      optim.freeze(path => !path.startsWith('blocks/')),
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

/** What the first update does to models of growing depth. */
export const update = part({
  name: 'update',
  about:
    'The first update of a model of d 32 on random tokens, of its blocks alone: by gradient descent at a rate of 0.01, of which the theory speaks, and by Adam at 0.001. ‖ΔF‖ is the root mean square by which the stream behind the last block moves. The bound is √(v² + w²)/α·‖Δθ‖ summed over branches.',
  arms: SCHEMES,
  code: ['lab/src/deepnorm/update.ts', 'lab/src/deepnorm/model.ts', 'lab/src/deepnorm/tokens.ts', 'learn/src/deepnorm', 'tensor/src'],
  config: quick => ({ seeds: quick ? 1 : 3, depths: quick ? [6, 100] : [6, 12, 25, 50, 100], rules: quick ? ['sgd'] : ['sgd', 'adam'] }),
  seconds: ({ depths, rules }) => depths.length * rules.length,
  run: async ({ arm, config: { depths, rules }, key }) => {
    const out = []
    for (const rule of rules)
      for (const layers of depths) out.push({ rule, ...(await firstUpdate(arm as Scheme, layers, rule as Rule, key)) })
    return out
  },
  conclude: (of, { depths, rules }) => {
    const at = (arm: string, rule: string, layers: number, what: 'update' | 'bound') =>
      of(arm).map(r => r.find(p => p.rule === rule && p.layers === layers)![what])
    const growth = (arm: Scheme, rule: Rule) =>
      ratioOfPairs(
        `first update by ${NAMES[rule]}: 100 blocks / 6 blocks, ${TITLES[arm]}`,
        at(arm, rule, 100, 'update'),
        at(arm, rule, 6, 'update'),
      )
    const deep = of('deepnorm')
      .flat()
      .filter(p => p.rule === 'sgd')
    return {
      claims: [
        ...rules.flatMap(rule => SCHEMES.map(arm => growth(arm, rule as Rule))),
        exact('first update by gradient descent: largest share of its bound, DeepNorm', Math.max(...deep.map(p => p.update / p.bound))),
      ],
      plots: rules.map(rule => ({
        caption: `‖ΔF‖ of the first update by ${NAMES[rule as Rule]}; means over seeds.`,
        svg: plot(
          SCHEMES.map(arm => ({ name: TITLES[arm], points: depths.map(n => [n, meanOf(at(arm, rule, n, 'update'))] as const) })),
          { x: 'blocks', y: '‖ΔF‖', logX: true, logY: true, title: `The first update, ${NAMES[rule as Rule]}` },
        ),
      })),
      tables: rules.map(rule => ({
        caption: `The first update by ${NAMES[rule as Rule]}; means over seeds.`,
        head: ['blocks', ...SCHEMES.map(arm => TITLES[arm]), 'bound of DeepNorm'],
        rows: depths.map(n => [n, ...SCHEMES.map(arm => meanOf(at(arm, rule, n, 'update'))), meanOf(at('deepnorm', rule, n, 'bound'))]),
      })),
    }
  },
})
