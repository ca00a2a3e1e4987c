import { blockRecurrentLm } from '@dioramic/learn/block-recurrent'
import {
  type LanguageModel,
  languageLoss,
  recipeRule,
  scoredBatches,
  scorer,
  scoreText,
  trainingBatches,
  trainLanguage,
} from '@dioramic/learn/language'
import { f32, flatten, type NDArray, nn, type Tree, trainStep } from '@dioramic/tensor'
import { exact, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { arena, runtime } from '../theory/engine.ts'
import { library, VOCABULARY } from './library.ts'
import { ofTexts } from './sources.ts'

/** One layer more without states, as the paper compares; and the same layers without states. */
const ARMS = {
  'block-recurrent': { layers: 6, recurrent: [-1] },
  'transformer-xl': { layers: 7, recurrent: [], gradient: 'window' },
  window: { layers: 7, recurrent: [] },
  'without states': { layers: 6, recurrent: [] },
} as const
type Arm = keyof typeof ARMS

const TRAINED = ['block-recurrent', 'transformer-xl', 'without states'] as const
const TIMED = ['block-recurrent', 'transformer-xl', 'window'] as const

const LANES = 8
const LR = 6e-3
const modelOf = (arm: Arm): LanguageModel =>
  blockRecurrentLm({ ...ARMS[arm], vocabulary: VOCABULARY, d: 64, heads: 4, window: 32, states: 16, batch: LANES, time: 256 })

/** The parameters with every gate shut: the states stay what they were at the document's start. */
export function withoutMemory(params: Tree<NDArray>): Tree<NDArray> {
  const { list, paths, rebuild } = flatten<NDArray>(params)
  return rebuild(list.map((a, i) => (/cell\/gate\/bias$/.test(paths[i]!) ? f32(new Float32Array(a.data.length).fill(100), a.shape) : a)))
}

type Run = { bits: number; ablated: number; parameters: number }

/** Language models with states and without. */
export const text = part({
  name: 'text',
  about:
    'Eighteen books in shuffled pieces of 12,000 characters, 1,024 tokens of BPE: width 64, window 32, 16 states, segments of 256, eight lanes, rate 0.006, otherwise the recipe of all language models. Six layers, the last one recurrent, beside seven layers of Transformer-XL and six of a sliding window, seed by seed; bits a token on 100,000 tokens of pieces that were held out. The ablation shuts the gates of the trained model, so that its states stay what they are at a document’s start; keys and values are cached as before. It says how much the model relies on them; what they are worth to it is the difference to a model that was trained without.',
  arms: TRAINED,
  code: ofTexts('text', 'library'),
  config: quick => ({ seeds: quick ? 1 : 5, updates: quick ? 20 : 800 }),
  seconds: ({ updates }) => updates * 0.2 + 10,
  run: async ({ arm, config: { updates }, key }) => {
    const { tokeniser, train, validation } = library()
    const model = modelOf(arm as Arm)
    const { training, validation: score } = await trainLanguage({
      model,
      tokeniser,
      train,
      validation,
      evaluateEvery: updates,
      updates,
      lr: LR,
      key,
      runtime,
      arena,
    })
    let ablated = score!
    if (arm === 'block-recurrent') {
      const shut = scorer(model, runtime)
      const values = { params: withoutMemory(training.params), state: training.state }
      ablated = await scoreText(shut, values, scoredBatches(model, validation, { batch: LANES }), tokeniser)
      await shut.dispose()
    }
    await training.dispose()
    return { bits: score!.bitsPerToken, ablated: ablated.bitsPerToken, parameters: nn.countParameters(model.layer) }
  },
  conclude: of => {
    const [recurrent, xl, without] = TRAINED.map(of) as [Run[], Run[], Run[]]
    return {
      claims: [
        mean(
          'text: bits of block-recurrent less Transformer-XL',
          recurrent.map((r, i) => r.bits - xl[i]!.bits),
        ),
        mean(
          'text: bits of block-recurrent less the same layers without states',
          recurrent.map((r, i) => r.bits - without[i]!.bits),
        ),
        mean(
          'text: bits of six layers without states less Transformer-XL',
          without.map((r, i) => r.bits - xl[i]!.bits),
        ),
        mean(
          'text: bits that shutting the gates costs',
          recurrent.map(r => r.ablated - r.bits),
        ),
      ],
      tables: [
        {
          caption: 'Bits a token, means over seeds.',
          head: ['model', 'parameters', 'bits'],
          rows: [
            ['block-recurrent', recurrent[0]!.parameters, meanOf(recurrent.map(r => r.bits))],
            ['block-recurrent, gates shut', recurrent[0]!.parameters, meanOf(recurrent.map(r => r.ablated))],
            ['Transformer-XL', xl[0]!.parameters, meanOf(xl.map(r => r.bits))],
            ['six layers without states', without[0]!.parameters, meanOf(without.map(r => r.bits))],
          ],
        },
      ],
    }
  },
})

/** What a step of the models of `text` takes. */
export const steps = part({
  name: 'steps',
  about: 'Processor time of a training step of the models of the text, on one thread, taken in turn; the least of several.',
  arms: ['time'],
  code: ofTexts('text', 'library'),
  config: quick => ({ seeds: 1, runs: quick ? 6 : 20 }),
  seconds: ({ runs }) => runs * 0.7 + 8,
  run: async ({ config: { runs }, key }) => {
    const { train } = library()
    const trainings = []
    for (const arm of TIMED) {
      const model = modelOf(arm)
      const training = await trainStep(languageLoss(model), recipeRule(model, runs + 1), { runtime, arena, ...model.layer.init(key), key })
      trainings.push({ arm, training, batches: trainingBatches(model, train, LANES, key), ms: Number.POSITIVE_INFINITY })
    }
    for (let i = 0; i <= runs; i++)
      for (const t of trainings) {
        const batch = await t.batches.at(0, i)
        const before = process.cpuUsage()
        await t.training.step({ ...batch })
        const { user, system } = process.cpuUsage(before)
        // The first compiles.
        if (i > 0) t.ms = Math.min(t.ms, (user + system) / 1000)
      }
    for (const t of trainings) await t.training.dispose()
    return trainings.map(({ arm, ms }) => ({ arm, ms }))
  },
  conclude: of => {
    const [found] = of('time')
    const ms = (arm: Arm) => found!.find(r => r.arm === arm)!.ms
    return {
      claims: [
        exact('steps: time of block-recurrent / Transformer-XL', ms('block-recurrent') / ms('transformer-xl')),
        exact('steps: time of block-recurrent / sliding window', ms('block-recurrent') / ms('window')),
        exact('steps: ms of a block-recurrent step', ms('block-recurrent')),
      ],
    }
  },
})
