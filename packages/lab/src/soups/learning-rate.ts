import { meanLogits, mixTrees, soupBesideEnsemble } from '@dioramic/learn/soups'
import { plot, type Tensor, type Tree } from '@dioramic/tensor'
import { mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { digits, judge, network, pretrained, runtime, TARGET, tune } from './tuning.ts'

const RATES = [1e-3, 4e-3, 8e-3, 3.2e-2]

/** Fine-tuning at one rate after another: the paper's central figure in miniature. */
export const learningRate = part({
  name: 'learning-rate',
  about:
    'A network of 64 → 128 → 128 → 10 is trained on 1,500 clean drawn digits, then fine-tuned six times on 600 noisy, strongly distorted ones, each time in another order; accuracy on 3,000 more. At middle rates the mean of the weights is better than the models; at the largest they leave the basin that they share and it collapses, while the mean of their outputs does not.',
  arms: ['adamw'],
  config: quick => ({ seeds: quick ? 4 : 12, members: quick ? 4 : 6, epochs: 15, test: quick ? 1000 : 3000 }),
  seconds: ({ members, test }) => members * RATES.length * 0.15 + test / 3000,
  run: async ({ config: { members, epochs, test }, key }) => {
    const first = await pretrained(key)
    const train = digits(600, key.fork('train'), TARGET)
    const held = digits(test, key.fork('test'), TARGET)
    const on = judge(network, held)
    const compare = soupBesideEnsemble(
      (w: Tree<Tensor>, x) => network.apply(w, {}, x)[0],
      digits(500, key.fork('compare'), TARGET).x,
      digits(500, key.fork('compare'), TARGET).y,
      runtime,
    )
    const rows = []
    for (const [r, lr] of RATES.entries()) {
      const params = []
      for (let i = 0; i < members; i++) params.push((await tune(network, first, train, { lr, epochs }, key.fork('tune').fork(i))).params)
      const logits = []
      for (const p of params) logits.push(await on.logits(p))
      const { soup, ensemble, approximation } = await compare(params[0]!, params[1]!)
      rows.push({
        lr: RATES[r]!,
        member: meanOf(logits.map(on.accuracy)),
        best: Math.max(...logits.map(on.accuracy)),
        soup: on.accuracy(await on.logits(mixTrees(params))),
        ensemble: on.accuracy(meanLogits(logits)),
        difference: soup - ensemble,
        approximation,
      })
    }
    return { before: on.accuracy(await on.logits(first.params)), rows }
  },
  conclude: of => {
    const all = of('adamw')
    type Row = (typeof all)[number]['rows'][number]
    const at = (lr: number, f: (r: Row) => number) => all.map(r => f(r.rows[RATES.indexOf(lr)]!))
    const curve = (name: string, f: (r: Row) => number) => ({
      name,
      points: RATES.map(lr => [lr, meanOf(at(lr, f))] as const),
    })
    const above = (name: string, f: (r: Row) => number) => ({
      name,
      points: RATES.filter(lr => lr <= 8e-3).map(lr => [lr, meanOf(at(lr, r => f(r) - r.member))] as const),
    })
    const pairs = all.flatMap(r => r.rows.filter(p => p.lr <= 8e-3).map(p => [p.approximation, p.difference] as const))
    return {
      claims: [
        ...(
          [
            ['soup − mean model', 4e-3, r => r.soup - r.member],
            ['soup − mean model', 8e-3, r => r.soup - r.member],
            ['soup − ensemble', 4e-3, r => r.soup - r.ensemble],
            ['soup − ensemble', 3.2e-2, r => r.soup - r.ensemble],
            ['ensemble − mean model', 3.2e-2, r => r.ensemble - r.member],
          ] satisfies [string, number, (r: Row) => number][]
        ).map(([what, lr, f]) => mean(`learning rate: ${what} at ${lr}`, at(lr, f))),
        mean(
          'soup and ensemble: correlation of the predicted difference of losses with the true one',
          all.map(r => correlation(r.rows.filter(p => p.lr <= 8e-3).map(p => [p.approximation, p.difference]))),
        ),
      ],
      plots: [
        {
          caption: `Accuracy over the learning rate; means over ${all.length} repetitions.`,
          svg: plot(
            [
              curve('mean model', r => r.member),
              curve('best by test', r => r.best),
              curve('uniform soup', r => r.soup),
              curve('ensemble', r => r.ensemble),
            ],
            {
              x: 'learning rate of fine-tuning',
              y: 'accuracy',
              logX: true,
              title: 'When soups work',
            },
          ),
        },
        {
          caption: 'How far above the mean model, before soups collapse.',
          svg: plot([above('best by test', r => r.best), above('uniform soup', r => r.soup), above('ensemble', r => r.ensemble)], {
            x: 'learning rate of fine-tuning',
            y: 'accuracy − that of the mean model',
            logX: true,
            title: 'Where soups help',
          }),
        },
      ],
      tables: [
        {
          caption: `Accuracy; before fine-tuning ${meanOf(all.map(r => r.before)).toFixed(3)}.`,
          head: ['rate', 'mean model', 'best by test', 'uniform soup', 'ensemble'],
          rows: RATES.map(lr => [`${lr}`, ...(['member', 'best', 'soup', 'ensemble'] as const).map(k => meanOf(at(lr, r => r[k])))]),
        },
        {
          caption:
            'Loss of soup − loss of ensemble of two models at α = ½, nats, with the temperature set on the soup: true, and to second order.',
          head: ['rate', 'difference', 'approximation'],
          rows: RATES.map(lr => [`${lr}`, meanOf(at(lr, r => r.difference)), meanOf(at(lr, r => r.approximation))]),
        },
      ],
      notes: [
        `Up to the rate of 0.008, ${pairs.filter(([a, d]) => a > 0 === d > 0).length} of ${pairs.length} signs of the difference are as predicted.`,
      ],
    }
  },
})

/** Pearson's. */
function correlation(pairs: readonly (readonly [number, number])[]): number {
  const [mx, my] = [meanOf(pairs.map(p => p[0])), meanOf(pairs.map(p => p[1]))]
  const s = (f: (p: readonly [number, number]) => number) => pairs.reduce((a, p) => a + f(p), 0)
  return s(([x, y]) => (x - mx) * (y - my)) / Math.sqrt(s(([x]) => (x - mx) ** 2) * s(([, y]) => (y - my) ** 2))
}
