import {
  calibratedEnsemble,
  calibration,
  decreasing,
  greedy,
  interpolated,
  type Logits,
  learnSoup,
  lossOf,
  meanLogits,
  mixTrees,
  uniform,
} from '@dioramic/learn/soups'
import type { NDArray, Tensor, Tree } from '@dioramic/tensor'
import { exact, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { arena, digits, drawnTuning, judge, network, pretrained, runtime, TARGET, tune } from './tuning.ts'

const logitsOf = (w: Tree<Tensor>, x: Tensor) => network.apply(w, {}, x)[0]

/** Every recipe on one random sweep of hyperparameters. */
export const recipes = part({
  name: 'recipes',
  about:
    'Ten networks fine-tuned from one with hyperparameters drawn at random (rate, decay, label smoothing, input noise, epochs); recipes choose on 1,000 held-out digits, and are judged on 2,000 others and on 1,000 with twice the noise.',
  arms: ['sweep'],
  config: quick => ({ seeds: quick ? 3 : 12, models: quick ? 6 : 10, test: quick ? 1000 : 2000 }),
  seconds: ({ models }) => models * 0.2 + 2.5,
  run: async ({ config: { models, test }, key }) => {
    const first = await pretrained(key)
    const train = digits(600, key.fork('train'), TARGET)
    const heldOut = digits(1000, key.fork('held-out'), TARGET)
    const sets = [
      heldOut,
      digits(test, key.fork('test'), TARGET),
      digits(1000, key.fork('noisy'), { ...TARGET, noise: 2 * TARGET.noise }),
    ].map(d => judge(network, d))
    const params: Tree<NDArray>[] = []
    for (let i = 0; i < models; i++) {
      const k = key.fork('model').fork(i)
      params.push((await tune(network, first, train, drawnTuning(k, [1e-3, 1e-2], [10, 24]), k)).params)
    }
    const own: Logits[][] = []
    for (const p of params) {
      const row = []
      for (const s of sets) row.push(await s.logits(p))
      own.push(row)
    }
    const [held] = sets as [(typeof sets)[number], ...typeof sets]
    const scores = own.map(z => held.accuracy(z[0]!))
    const best = decreasing(scores)[0]!
    const soupScore = async (members: readonly number[]) => held.accuracy(await held.logits(mixTrees(params, uniform(members))))
    const [ge, gt] = [await greedy(scores, soupScore), await greedy(scores, soupScore, 'gt')]
    const ensembleScore = (members: readonly number[]) => held.accuracy(meanLogits(members.map(m => own[m]![0]!)))
    const picked = await greedy(scores, ensembleScore)
    const options = { logits: logitsOf, ...heldOut, runtime, arena, epochs: 20, key: key.fork('learn') }
    const [learned, byArray] = [await learnSoup(params, options), await learnSoup(params, { ...options, byArray: true })]
    const betas = own.map(z => calibration(z[0]!, held.labels))
    const judged = async (f: (set: number) => Logits | Promise<Logits>) => {
      const z = []
      for (const i of sets.keys()) z.push(await f(i))
      return {
        heldOut: held.accuracy(z[0]!),
        test: sets[1]!.accuracy(z[1]!),
        noisy: sets[2]!.accuracy(z[2]!),
        loss: lossOf(z[0]!, held.labels),
      }
    }
    const ofWeights = (w: Tree<NDArray>) => judged(i => sets[i]!.logits(w))
    const scaled = async (w: Tree<NDArray>, beta: number) => judged(async i => (await sets[i]!.logits(w)).map(v => beta * v))
    const singles = []
    for (const p of params) singles.push(await ofWeights(p))
    const line = []
    for (const alpha of [0.25, 0.5, 0.75]) line.push(await ofWeights(mixTrees([first.params, params[best]!], interpolated(alpha))))
    return {
      mean: {
        heldOut: meanOf(singles.map(s => s.heldOut)),
        test: meanOf(singles.map(s => s.test)),
        noisy: meanOf(singles.map(s => s.noisy)),
        loss: meanOf(singles.map(s => s.loss)),
      },
      best: singles[best]!,
      uniform: await ofWeights(mixTrees(params)),
      greedy: await ofWeights(mixTrees(params, uniform(ge.members))),
      strict: await ofWeights(mixTrees(params, uniform(gt.members))),
      learned: await scaled(mixTrees(params, learned.mix), learned.beta),
      byArray: await scaled(mixTrees(params, byArray.mix), byArray.beta),
      wiseFt: line.reduce((a, b) => (b.heldOut > a.heldOut ? b : a)),
      ensemble: await judged(i => meanLogits(own.map(z => z[i]!))),
      greedyEnsemble: await judged(i => meanLogits(picked.members.map(m => own[m]![i]!))),
      calibrated: await judged(i =>
        calibratedEnsemble(
          own.map(z => z[i]!),
          betas,
          10,
        ),
      ),
      picked: [ge.members.length, gt.members.length],
      least: Math.min(...ge.steps.filter(s => s.accepted).map(s => s.score)) - scores[best]!,
    }
  },
  conclude: of => {
    const all = of('sweep')
    const names = {
      mean: 'mean model',
      best: 'best on held-out',
      uniform: 'uniform soup',
      greedy: 'greedy soup (≥)',
      strict: 'greedy soup (>)',
      learned: 'learned soup',
      byArray: 'learned soup by array',
      wiseFt: 'WiSE-FT of the best',
      ensemble: 'logit ensemble',
      greedyEnsemble: 'greedy ensemble',
      calibrated: 'calibrated ensemble',
    } as const
    const keys = Object.keys(names) as (keyof typeof names)[]
    return {
      claims: [
        exact(
          'recipes: least greedy soup − best model, held-out',
          Math.min(...all.map(r => Math.min(r.greedy.heldOut - r.best.heldOut, r.least))),
        ),
        exact('recipes: least greedy soup (>) − best model, held-out', Math.min(...all.map(r => r.strict.heldOut - r.best.heldOut))),
        mean(
          'recipes: greedy soup − mean model, test',
          all.map(r => r.greedy.test - r.mean.test),
        ),
        mean(
          'recipes: greedy soup − mean model, twice the noise',
          all.map(r => r.greedy.noisy - r.mean.noisy),
        ),
        mean(
          'recipes: greedy soup − best model, test',
          all.map(r => r.greedy.test - r.best.test),
        ),
        mean(
          'recipes: loss of learned soup − uniform soup, held-out',
          all.map(r => r.learned.loss - r.uniform.loss),
        ),
        mean(
          'recipes: loss of learned soup by array − learned soup, held-out',
          all.map(r => r.byArray.loss - r.learned.loss),
        ),
      ],
      tables: [
        {
          caption: `Means over ${all.length} sweeps; a greedy soup has ${meanOf(all.map(r => r.picked[0]!)).toFixed(1)} ingredients (≥) or ${meanOf(all.map(r => r.picked[1]!)).toFixed(1)} (>).`,
          head: ['predictor', 'held-out', 'test', 'twice the noise', 'loss, held-out'],
          rows: keys.map(k => [names[k], ...(['heldOut', 'test', 'noisy', 'loss'] as const).map(c => meanOf(all.map(r => r[k][c])))]),
        },
      ],
    }
  },
})
