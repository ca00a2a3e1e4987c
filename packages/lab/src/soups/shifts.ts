import { greedy, interpolated, type Logits, meanLogits, mixTrees, uniform } from '@dioramic/learn/soups'
import { mul, type NDArray, nn, plot, relu, sub, type Tensor, type Tree } from '@dioramic/tensor'
import { exact, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { pictures } from '../node/soups/pictures.ts'
import { drawnTuning, judge, tune } from './tuning.ts'
import { CLASSES, SHIFTS } from './world.ts'

const conv = (from: number, to: number) => [nn.conv2d(from, to, 3, { stride: 2, padding: 1, init: nn.kaiming() }), nn.fn(relu)]
/** 32 × 32 pictures through three convolutions of stride 2. */
const layer = nn.sequence(
  nn.fn((x: Tensor) => mul(sub(x, 0.5), 4)),
  ...conv(3, 12),
  ...conv(12, 24),
  ...conv(24, 32),
  nn.flatten,
  nn.linear(512, CLASSES.length),
)

/** Clips of the world by what they are for; no two overlap. */
const FROM = { mixed: 0, train: 10_000, heldOut: 15_000, test: 20_000, shifts: 30_000 }

type Rates = readonly [low: number, high: number]

/** Rendered worlds that shift in a controlled way, and models fine-tuned at rates drawn from a range. */
const sweep = (name: string, claim: string, rates: Rates) =>
  part({
    name,
    about: `Rates of fine-tuning from ${rates[0]} to ${rates[1]}. Path-traced pictures of one solid on a floor. A convolutional network is trained on a mixture of worlds, then fine-tuned on the nominal one with hyperparameters drawn at random; soups of these models are judged on the nominal world and on six that differ from it in one thing each.`,
    code: ['lab/src/soups', 'lab/src/node/soups', 'learn/src/soups', 'tensor/src'],
    arms: ['sweep'],
    config: quick => ({
      seeds: quick ? 3 : 12,
      models: quick ? 4 : 5,
      mixed: quick ? 200 : 300,
      train: quick ? 150 : 220,
      heldOut: quick ? 80 : 120,
      test: quick ? 80 : 150,
      shifted: quick ? 40 : 100,
      epochs: 20,
      rates: [...rates],
    }),
    seconds: ({ models, train }) => 2 + models * train * 0.003,
    run: async ({ config, key }) => {
      const mixed = await pictures('mixed', FROM.mixed, config.mixed)
      const train = await pictures('none', FROM.train, config.train)
      const held = await pictures('none', FROM.heldOut, config.heldOut)
      const sets = [await pictures('none', FROM.test, config.test)]
      for (const [i, s] of SHIFTS.entries()) sets.push(await pictures(s, FROM.shifts + 1000 * i, config.shifted))
      const hash = [mixed, train, held, ...sets].map(s => s.hash.slice(0, 8)).join(' ')

      const first = await tune(
        layer,
        layer.init(key.fork('init')),
        mixed,
        { lr: 2e-3, epochs: config.epochs, batch: 32 },
        key.fork('pretrain'),
      )
      const params: Tree<NDArray>[] = []
      for (let i = 0; i < config.models; i++) {
        const k = key.fork('model').fork(i)
        params.push(
          (await tune(layer, first, train, { ...drawnTuning(k, config.rates as unknown as Rates, [8, 12]), batch: 32 }, k)).params,
        )
      }
      const [onHeld, ...on] = [held, ...sets].map(s => judge(layer, s)) as [ReturnType<typeof judge>, ...ReturnType<typeof judge>[]]
      const of = async (w: Tree<NDArray>): Promise<number[]> => {
        const out: number[] = []
        for (const o of on) out.push(o.accuracy(await o.logits(w)))
        return out
      }
      const scores = []
      for (const p of params) scores.push(onHeld.accuracy(await onHeld.logits(p)))
      const picked = await greedy(scores, async m => onHeld.accuracy(await onHeld.logits(mixTrees(params, uniform(m)))))
      const own: number[][] = []
      for (const p of params) own.push(await of(p))
      const soup = mixTrees(params)
      const ensemble = []
      for (const o of on) {
        const z: Logits[] = []
        for (const p of params) z.push(await o.logits(p))
        ensemble.push(o.accuracy(meanLogits(z)))
      }
      return {
        hash,
        heldOut: picked.score - Math.max(...scores),
        first: await of(first.params),
        member: on.map((_, s) => meanOf(own.map(a => a[s]!))),
        best: own[picked.members[0]!]!,
        uniform: await of(soup),
        greedy: await of(mixTrees(params, uniform(picked.members))),
        robust: await of(mixTrees([first.params, soup], interpolated(0.5))),
        ensemble,
      }
    },
    conclude: found => {
      const all = found('sweep')
      type Row = (typeof all)[number]
      const names = {
        first: 'before fine-tuning',
        member: 'mean model',
        best: 'best on held-out',
        uniform: 'uniform soup',
        greedy: 'greedy soup',
        robust: 'half-way to the uniform soup',
        ensemble: 'ensemble',
      } as const
      const keys = Object.keys(names) as (keyof typeof names)[]
      const shifted = (a: readonly number[]) => meanOf(a.slice(1))
      const gain = (k: keyof typeof names, of: (a: readonly number[]) => number) => all.map((r: Row) => of(r[k]) - of(r.member))
      return {
        claims: [
          mean(`${claim}: uniform soup − mean model, mean of six shifts`, gain('uniform', shifted)),
          mean(`${claim}: greedy soup − mean model, mean of six shifts`, gain('greedy', shifted)),
          mean(
            `${claim}: uniform soup − mean model, nominal world`,
            gain('uniform', a => a[0]!),
          ),
          exact(`${claim}: least greedy soup − best model, held-out`, Math.min(...all.map(r => r.heldOut))),
          ...SHIFTS.map((s, i) =>
            mean(
              `${claim}: uniform soup − mean model, ${s}`,
              gain('uniform', a => a[i + 1]!),
            ),
          ),
        ],
        plots: [
          {
            caption: `Accuracy on the nominal world (0) and on ${SHIFTS.map((s, i) => `${s} (${i + 1})`).join(', ')}; means over ${all.length} repetitions.`,
            svg: plot(
              (['member', 'uniform', 'ensemble', 'first'] as const).map(k => ({
                name: names[k],
                points: [0, ...SHIFTS.map((_, i) => i + 1)].map(s => [s, meanOf(all.map(r => r[k][s]!))] as const),
              })),
              { x: 'world', y: 'accuracy', title: 'In and out of distribution' },
            ),
          },
        ],
        tables: [
          {
            caption: 'Accuracy, means over repetitions.',
            head: ['predictor', 'nominal', ...SHIFTS, 'mean of shifts'],
            rows: keys.map(k => [
              names[k],
              ...[0, ...SHIFTS.map((_, i) => i + 1)].map(s => meanOf(all.map(r => r[k][s]!))),
              meanOf(all.map(r => shifted(r[k]))),
            ]),
          },
        ],
        notes: [`SHA-256 of the picture sets (mixed, training, held-out, test, shifts), first digits: ${all[0]!.hash}.`],
      }
    },
  })

/** Rates at which some models leave the basin that they share. */
export const shifts = sweep('shifts', 'shifts', [2e-3, 8e-3])
/** Half of them. */
export const shiftsModerate = sweep('shifts-moderate', 'shifts, moderate rates', [1e-3, 4e-3])
