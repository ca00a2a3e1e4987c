/** Language models at equal multiply–adds a token: dense and sparse transformers and MLPs on one text by one recipe. */
import {
  choose,
  type LanguageModel,
  languageLoss,
  recipeRule,
  scoredWindows,
  scorer,
  scoreText,
  trainingBatches,
} from '@dioramic/learn/language'
import { balancedHash, balanceLoss, prefixLength } from '@dioramic/learn/smlp'
import { flatten, type NDArray, nn, numbersOf, type Tree, trainStep } from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { ARMS, type ArmName, armOf } from './arms.ts'
import { expertCode, textCode } from './code.ts'
import { findings } from './findings.ts'
import { textOf } from './text.ts'

/** Scores on the way, and the last at the end. */
const POINTS = 4

/** How a choice is judged: by its log-likelihood after the context, by that of a byte of it, or by that less its own after no context. */
const RULES: readonly { readonly rule: string; readonly of: (after: number, alone: number, choice: string) => number }[] = [
  { rule: 'sum', of: after => after },
  { rule: 'per byte', of: (after, _alone, choice) => after / new TextEncoder().encode(choice).length },
  { rule: 'calibrated', of: (after, alone) => after - alone },
]

/** Loads and dropped shares of a state's expert layers of tokens, load by load. */
function expertsOf(state: Tree<NDArray>): { loads: number[]; dropped: number } {
  const { list, paths } = flatten<NDArray>(state)
  const of = (name: string) =>
    list.filter((_, i) => paths[i]!.endsWith(`/experts/${name}`) && !paths[i]!.includes('gate')).map(a => [...numbersOf(a)])
  return { loads: of('load').flat(), dropped: meanOf([0, ...of('dropped').flat()]) }
}

export const language = part({
  name: 'language',
  about: `Books as 512 byte-pair tokens. Every model costs a token about as many multiply–adds; every second block of a sparse one has experts. All learn by one recipe from the same windows of the same text, seed by seed, each family at the best of three rates for its dense model, and are scored on the same targets, those with at least a fifth of a window before them. Sparse ones drop nothing when they are scored.`,
  arms: ARMS,
  code: ['lab/src/smlp/language.ts', 'lab/src/smlp/arms.ts', ...textCode, ...expertCode],
  config: quick => ({
    seeds: quick ? 1 : 5,
    text: quick ? 'father-brown' : 'books',
    vocabulary: 512,
    time: 64,
    d: 32,
    layers: 2,
    experts: 4,
    batch: 8,
    updates: quick ? 40 : 300,
    held: quick ? 2_000 : 5_000,
    items: quick ? 10 : 40,
  }),
  seconds: ({ updates, items }) => 2 + updates / 200 + items / 40,
  run: async ({ arm, config, key }) => {
    const { time, batch, updates, items, vocabulary } = config
    const text = textOf(config.text, vocabulary)
    const { layer, cost, scoredFrom, lr } = armOf(arm as ArmName, config, balancedHash(text.counts, config.experts))
    const model: LanguageModel = { layer, vocabulary, time, scoredFrom, auxiliary: balanceLoss }
    const runtime = nodeRuntime({ threads: 1 })
    const batches = trainingBatches(model, text.train, batch, key.fork('batches'))
    const training = await trainStep(languageLoss(model), recipeRule(model, updates, { lr }), {
      runtime,
      arena: createArena,
      ...layer.init(key.fork('init')),
      key: key.fork('train'),
    })
    const part = (text.held.tokens.data as BigInt64Array).slice(0, config.held)
    const held = scoredWindows(
      { tokens: { dtype: 'i64', shape: [part.length], data: part }, starts: [0] },
      { batch, time, from: prefixLength(time) },
    )
    const judge = scorer(model, runtime)
    const curve: { updates: number; nats: number; bits: number }[] = []
    const [loads, dropped]: [number[][], number[]] = [[], []]
    const steps: number[] = []
    for (let done = 1; done <= updates; done++) {
      const before = process.cpuUsage()
      const batch = await batches.at(Math.floor((done - 1) / batches.perEpoch), (done - 1) % batches.perEpoch)
      await training.step({ x: batch.x, y: batch.y })
      const { user, system } = process.cpuUsage(before)
      steps.push((user + system) / 1000)
      if (done > 0.8 * updates) {
        const e = expertsOf(training.state)
        loads.push(e.loads)
        dropped.push(e.dropped)
      }
      if ((POINTS * done) % updates >= POINTS && done !== updates) continue
      const { natsPerToken, bitsPerByte } = await scoreText(judge, training, held, text.tokeniser)
      curve.push({ updates: done, nats: natsPerToken, bits: bitsPerByte })
    }
    // All questions at once: a model is compiled for each call.
    const sets = Object.entries(text.items(items)).flatMap(([set, list]) => list.map(item => ({ set, item })))
    const { likelihoods } = await choose(
      sets.map(s => s.item),
      { model, values: training, tokeniser: text.tokeniser, runtime },
    )
    const answers = [...new Set(sets.map(s => s.set))].flatMap(set =>
      RULES.map(({ rule, of }) => {
        const own = sets.flatMap((s, i) => (s.set === set ? [{ ...s.item, ...likelihoods[i]! }] : []))
        const right = own.filter(({ choices, answer, after, alone }) => {
          const values = choices.map((c, k) => of(after[k]!, alone[k]!, c))
          return values.indexOf(Math.max(...values)) === answer
        }).length
        return { set, rule, right, items: own.length }
      }),
    )
    await judge.dispose()
    await training.dispose()
    return {
      multiplyAdds: cost,
      // Others work on the machine: the tenth part of the steps that were least disturbed.
      step: steps.sort((x, y) => x - y)[Math.floor(steps.length / 10)]!,
      parameters: nn.countParameters(layer),
      curve,
      loads: (loads[0] ?? []).map((_, e) => meanOf(loads.map(l => l[e]!))),
      dropped: meanOf(dropped),
      answers,
    }
  },
  conclude: (of, config) => findings(of, config),
})
