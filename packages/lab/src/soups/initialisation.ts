import { align, inspect, mixTrees, openCheckpoint, SAME_INITIALISATION } from '@dioramic/learn/soups'
import { flatten, MemorySink, memorySource, type NDArray, type Tree, writeSafetensors } from '@dioramic/tensor'
import { exact, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { digits, judge, network, pretrained, tune } from './tuning.ts'

/** Digits that a network learns from 600 of them, whatever its first weights. */
const NEAR = { noise: 0.15, spread: 1.1 }

/** A model as the file that it would be. */
async function checkpointOf(name: string, params: Tree<NDArray>) {
  const sink = new MemorySink()
  const { list, paths } = flatten<NDArray>(params)
  await writeSafetensors(
    sink,
    list.map((array, i) => ({ name: paths[i]!, array })),
  )
  return openCheckpoint(memorySource(sink.bytes(), name))
}

/** Models of one initialisation and of three: what a soup of each is, and whether their weights tell. */
export const initialisation = part({
  name: 'initialisation',
  about: `Three networks from one pretrained model, and three from random weights of their own, trained on the same digits; the mean of each three. Their weights alone tell which is which: matrices correlate above ${SAME_INITIALISATION} or below.`,
  arms: ['shared', 'own'],
  config: quick => ({ seeds: quick ? 4 : 12, epochs: 20 }),
  seconds: () => 1,
  run: async ({ arm, config: { epochs }, key }) => {
    const first = await pretrained(key)
    const train = digits(600, key.fork('train'), NEAR)
    const on = judge(network, digits(2000, key.fork('test'), NEAR))
    const params: Tree<NDArray>[] = []
    for (let i = 0; i < 3; i++) {
      const start = arm === 'shared' ? first : network.init(key.fork('init').fork(i + 1))
      params.push((await tune(network, start, train, { lr: 4e-3, epochs }, key.fork('tune').fork(i))).params)
    }
    const members = []
    for (const p of params) members.push(on.accuracy(await on.logits(p)))
    const checkpoints = await Promise.all(params.map((p, i) => checkpointOf(`model ${i}`, p)))
    const { likeness, warnings } = await inspect(checkpoints, align(checkpoints))
    const correlations = likeness.flatMap(l => l.correlation.slice(1))
    return {
      member: meanOf(members),
      soup: on.accuracy(await on.logits(mixTrees(params))),
      warnings: warnings.length,
      least: Math.min(...correlations),
      most: Math.max(...correlations),
    }
  },
  conclude: of => {
    const [shared, own] = [of('shared'), of('own')]
    return {
      claims: [
        mean(
          'initialisation: soup − mean model, of three initialisations',
          own.map(r => r.soup - r.member),
        ),
        mean(
          'initialisation: soup − mean model, of one',
          shared.map(r => r.soup - r.member),
        ),
        exact('initialisation: least correlation of a matrix, of one', Math.min(...shared.map(r => r.least))),
        exact('initialisation: largest correlation of a matrix, of three', Math.max(...own.map(r => r.most))),
        exact(
          'initialisation: wrong or missing warnings',
          shared.filter(r => r.warnings > 0).length + own.filter(r => r.warnings !== 2).length,
        ),
      ],
      tables: [
        {
          caption: 'Accuracy, means over repetitions.',
          head: ['initialisation', 'mean model', 'uniform soup'],
          rows: [
            ['shared', meanOf(shared.map(r => r.member)), meanOf(shared.map(r => r.soup))],
            ['own', meanOf(own.map(r => r.member)), meanOf(own.map(r => r.soup))],
          ],
        },
      ],
    }
  },
})
