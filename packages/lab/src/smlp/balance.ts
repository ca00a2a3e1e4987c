/** What a balance loss does to the load of experts, and what an assignment does without one. */
import { type LanguageModel, languageLoss, recipeRule, trainingBatches } from '@dioramic/learn/language'
import { balanceLoss, baseRouter, type Router, switchRouter, tokenExperts } from '@dioramic/learn/smlp'
import { type NDArray, nn, numbersOf, trainStep } from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { exact, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { expertCode, textCode } from './code.ts'
import { textOf } from './text.ts'

const EXPERTS = 8
const ROUTERS: Readonly<Record<string, () => Router>> = {
  'Switch without loss': () => switchRouter({ balance: 0 }),
  'Switch with 0.01': () => switchRouter({ balance: 0.01 }),
  BASE: () => baseRouter(),
}

/** Standard deviation over mean. */
const variation = (x: readonly number[]): number => {
  const m = meanOf(x)
  return Math.sqrt(meanOf(x.map(v => (v - m) ** 2))) / m
}

export const balance = part({
  name: 'balance',
  about: `A small transformer whose feed-forward net has ${EXPERTS} experts: how evenly tokens ask for them in training, Switch without and with its balance loss, and BASE, which solves an assignment.`,
  arms: Object.keys(ROUTERS),
  code: ['lab/src/smlp/balance.ts', ...textCode, ...expertCode],
  config: quick => ({ seeds: quick ? 2 : 5, updates: quick ? 60 : 150, text: 'father-brown', vocabulary: 512, time: 64, batch: 8, d: 32 }),
  seconds: ({ updates }) => 2 + updates / 100,
  run: async ({ arm, config: { updates, vocabulary, time, batch, d, text: name }, key }) => {
    const text = textOf(name, vocabulary)
    const embedding = nn.embedding(vocabulary, d)
    const experts = tokenExperts(d, { experts: EXPERTS, router: ROUTERS[arm]!() })
    const block = nn.block({ d, attention: nn.attention(d, { heads: 2, causal: true }), ffn: experts })
    const layer = nn.sequence({
      embedding,
      positions: nn.learnedPositions(time, d),
      block,
      norm: nn.layerNorm(d),
      out: embedding.readout(),
    })
    const model: LanguageModel = { layer, vocabulary, time, auxiliary: balanceLoss }
    const training = await trainStep(languageLoss(model), recipeRule(model, updates), {
      runtime: nodeRuntime({ threads: 1 }),
      arena: createArena,
      ...layer.init(key.fork('init')),
      key: key.fork('train'),
    })
    const batches = trainingBatches(model, text.train, batch, key.fork('batches'))
    const variations: number[] = []
    const dropped: number[] = []
    let farthest = 0
    for (let i = 0; i < updates; i++) {
      const { x, y } = await batches.at(0, i)
      await training.step({ x, y })
      const { load, dropped: none } = (training.state as { block: { ffn: { branch: { experts: { load: NDArray; dropped: NDArray } } } } })
        .block.ffn.branch.experts
      const shares = [...numbersOf(load)]
      farthest = Math.max(farthest, ...shares.map(s => Math.abs(s * EXPERTS - 1)))
      if (i < updates / 2) continue
      variations.push(variation(shares))
      dropped.push(Number(none.data[0]))
    }
    await training.dispose()
    return { variation: meanOf(variations), dropped: meanOf(dropped), farthest }
  },
  conclude: of => {
    const [without, with_] = [of('Switch without loss'), of('Switch with 0.01')]
    return {
      claims: [
        exact('balance: BASE, farthest share of an expert from 1 / experts, relative', Math.max(...of('BASE').map(r => r.farthest))),
        mean(
          "balance: variation of Switch's load without its loss less with it",
          without.map((r, i) => r.variation - with_[i]!.variation),
        ),
        mean(
          'balance: dropped by Switch without its loss less with it',
          without.map((r, i) => r.dropped - with_[i]!.dropped),
        ),
      ],
      tables: [
        {
          caption: `Second half of training, ${EXPERTS} experts with room for 1.25 even shares (BASE: 1).`,
          head: ['router', "variation of the experts' loads", 'share dropped'],
          rows: Object.keys(ROUTERS).map(a => [a, meanOf(of(a).map(r => r.variation)), meanOf(of(a).map(r => r.dropped))]),
        },
      ],
    }
  },
})
