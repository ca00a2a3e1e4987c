import { mixTrees, recalibrateBatchNorm } from '@dioramic/learn/soups'
import { batches, type NDArray, nn, relu, type Tree } from '@dioramic/tensor'
import { mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { digits, judge, runtime, TARGET, tune } from './tuning.ts'

const dense = (from: number, to: number) => [nn.linear(from, to, { init: nn.kaiming() }), nn.batchNorm(to), nn.fn(relu)]
const layer = nn.sequence(...dense(64, 128), ...dense(128, 128), nn.linear(128, 10))

/** Soups of networks with batch norm: running statistics averaged, and measured anew. */
export const batchNormPart = part({
  name: 'batch-norm',
  about:
    'A network with batch norms, fine-tuned eight times at a high rate; the mean of weights and running statistics, and the mean of weights with statistics measured anew on the 600 training digits.',
  arms: ['soup'],
  config: quick => ({ seeds: quick ? 3 : 12, members: 8 }),
  seconds: () => 2.5,
  run: async ({ config: { members }, key }) => {
    const first = await tune(
      layer,
      layer.init(key.fork('init')),
      digits(1500, key.fork('clean')),
      { lr: 2e-3, epochs: 6 },
      key.fork('pretrain'),
    )
    const train = digits(600, key.fork('train'), TARGET)
    const on = judge(layer, digits(2000, key.fork('test'), TARGET))
    const params: Tree<NDArray>[] = []
    const states: Tree<NDArray>[] = []
    const own = []
    for (let i = 0; i < members; i++) {
      const m = await tune(layer, first, train, { lr: 8e-2, epochs: 20 }, key.fork('tune').fork(i))
      params.push(m.params)
      states.push(m.state)
      own.push(on.accuracy(await on.logits(m.params, m.state)))
    }
    const [soup, averaged] = [mixTrees(params), mixTrees(states)]
    const anew = await recalibrateBatchNorm(layer, soup, averaged, batches({ x: train.x }, { size: 100 }), { runtime, key })
    return {
      member: meanOf(own),
      averaged: on.accuracy(await on.logits(soup, averaged)),
      recalibrated: on.accuracy(await on.logits(soup, anew)),
    }
  },
  conclude: of => {
    const all = of('soup')
    return {
      claims: [
        mean(
          'batch norm: recalibrated soup − averaged statistics',
          all.map(r => r.recalibrated - r.averaged),
        ),
      ],
      tables: [
        {
          caption: 'Accuracy, means over repetitions.',
          head: ['mean model', 'statistics averaged', 'statistics measured anew'],
          rows: [[meanOf(all.map(r => r.member)), meanOf(all.map(r => r.averaged)), meanOf(all.map(r => r.recalibrated))]],
        },
      ],
    }
  },
})
