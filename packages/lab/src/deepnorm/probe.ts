import { residualStream, type Scheme } from '@dioramic/learn/deepnorm'
import {
  add,
  compile,
  div,
  item,
  layerNorm,
  mean,
  mul,
  type NDArray,
  nn,
  plot,
  sqrt,
  sub,
  sum,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import { exact, mean as meanClaim, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { causalBlock, runtime, TITLES } from './model.ts'

const unit = (x: Tensor): Tensor => div(x, sqrt(add(sum(mul(x, x), -1, true), 1e-30)))

/** What so many blocks make of random rows at first values: the cosine to the rows, and between pairs of positions. */
async function probe(scheme: Scheme, layers: number, d: number, positions: number, key: Parameters<nn.Layer['init']>[0]) {
  const blocks = nn.repeat(layers, causalBlock(residualStream(scheme, { layers }), d))
  const { params, state } = blocks.init(key.fork('blocks'))
  const x = nn.draw(nn.free([1, positions, d], nn.normal(1)), key.fork('rows'))
  const run = compile<readonly Tree<NDArray>[]>((p: Tree<Tensor>, s: Tree<Tensor>, rows: Tensor) => {
    const start = layerNorm(rows)
    const u = unit(blocks.apply(p, s, start)[0])
    const together = sum(u, 1)
    return {
      cosine: mean(sum(mul(u, unit(start)), -1)),
      pairwise: div(sub(sum(mul(together, together)), positions), positions * (positions - 1)),
    }
  }, runtime)
  const found = (await run(params, state, x)) as { cosine: NDArray; pairwise: NDArray }
  await run.dispose()
  return { layers, cosine: item(found.cosine), pairwise: item(found.pairwise) }
}

/** Before any training: how much of its input a stack keeps. */
export const depthProbe = part({
  name: 'depth-probe',
  about:
    'Stacks of 1 to 1,000 causal blocks at first values on 8 random rows of width 32: the mean cosine of output and input, and between pairs of positions. The formula exp(−1/(8√(2N))) is what DeepNorm should keep at least, of independent branches.',
  arms: ['deepnorm', 'post-ln'],
  code: [
    'lab/src/deepnorm/probe.ts',
    'lab/src/deepnorm/model.ts',
    'learn/src/deepnorm/constants.ts',
    'learn/src/deepnorm/stream.ts',
    'tensor/src',
  ],
  config: quick => ({ seeds: quick ? 1 : 3, d: 32, positions: 8, depths: [1, 6, 24, 100, 300, 1000] }),
  seconds: () => 3,
  run: async ({ arm, config: { d, positions, depths }, key }) => {
    const out = []
    for (const layers of depths) out.push(await probe(arm as Scheme, layers, d, positions, key.fork(layers)))
    return out
  },
  conclude: (of, { depths }) => {
    const at = (arm: string, i: number, what: 'cosine' | 'pairwise') => of(arm).map(r => r[i]![what])
    const last = depths.length - 1
    const deep = depths.flatMap((n, i) => (n >= 100 ? at('post-ln', i, 'pairwise') : []))
    return {
      claims: [
        meanClaim('depth probe, 1,000 blocks: cosine of output and input, DeepNorm', at('deepnorm', last, 'cosine')),
        meanClaim('depth probe, 1,000 blocks: cosine between positions, DeepNorm', at('deepnorm', last, 'pairwise')),
        meanClaim('depth probe, 1,000 blocks: cosine of output and input, post-LN', at('post-ln', last, 'cosine')),
        exact('depth probe, from 100 blocks on: least cosine between positions, post-LN', Math.min(...deep)),
      ],
      plots: [
        {
          caption: 'Mean cosine of output and input, and between positions; means over seeds.',
          svg: plot(
            (['deepnorm', 'post-ln'] as const).flatMap(arm =>
              (['cosine', 'pairwise'] as const).map(what => ({
                name: `${TITLES[arm]}, ${what === 'cosine' ? 'to the input' : 'between positions'}`,
                points: depths.map((n, i) => [n, meanOf(at(arm, i, what))] as const),
              })),
            ),
            { x: 'blocks', y: 'cosine', logX: true, title: 'Untrained stacks' },
          ),
        },
      ],
      tables: [
        {
          caption: 'Means over seeds.',
          head: ['blocks', 'DeepNorm to input', 'formula', 'DeepNorm between', 'post-LN to input', 'post-LN between'],
          rows: depths.map((n, i) => [
            n,
            meanOf(at('deepnorm', i, 'cosine')),
            Math.exp(-1 / (8 * Math.sqrt(2 * n))),
            meanOf(at('deepnorm', i, 'pairwise')),
            meanOf(at('post-ln', i, 'cosine')),
            meanOf(at('post-ln', i, 'pairwise')),
          ]),
        },
      ],
    }
  },
})
