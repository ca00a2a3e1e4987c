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
import { wilson } from '@dioramic/learn/report'
import { balancedHash, balanceLoss, prefixLength } from '@dioramic/learn/smlp'
import { flatten, type NDArray, nn, numbersOf, plot, type Tree, trainStep } from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { exact, type Measurement, mean, meanOf, ratioOfPairs } from '../evidence.ts'
import { part } from '../experiment.ts'
import { ARMS, type ArmName, armOf } from './arms.ts'
import { expertCode } from './code.ts'
import { textOf } from './text.ts'

/** Scores on the way, and the last at the end. */
const POINTS = 4

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
  code: ['lab/src/smlp/language.ts', 'lab/src/smlp/arms.ts', 'lab/src/smlp/text.ts', ...expertCode],
  config: quick => ({
    seeds: quick ? 1 : 5,
    text: quick ? 'father-brown' : 'books',
    vocabulary: 512,
    time: 64,
    d: 32,
    layers: 2,
    experts: 4,
    batch: 8,
    updates: quick ? 40 : 700,
    held: quick ? 2_000 : 8_000,
    items: quick ? 10 : 80,
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
    const curve: { updates: number; nats: number; bits: number; cpu: number }[] = []
    const [loads, dropped]: [number[][], number[]] = [[], []]
    // The first step compiles: it is not part of the time.
    let cpu = 0
    let before = process.cpuUsage()
    for (let done = 1; done <= updates; done++) {
      const batch = await batches.at(Math.floor((done - 1) / batches.perEpoch), (done - 1) % batches.perEpoch)
      await training.step({ x: batch.x, y: batch.y })
      if (done === 1) before = process.cpuUsage()
      if (done > 0.8 * updates) {
        const e = expertsOf(training.state)
        loads.push(e.loads)
        dropped.push(e.dropped)
      }
      if ((POINTS * done) % updates >= POINTS && done !== updates) continue
      const spent = process.cpuUsage(before)
      cpu += (spent.user + spent.system) / 1e6
      const { natsPerToken, bitsPerByte } = await scoreText(judge, training, held, text.tokeniser)
      curve.push({ updates: done, nats: natsPerToken, bits: bitsPerByte, cpu })
      before = process.cpuUsage()
    }
    const answers = []
    for (const [set, list] of Object.entries(text.items(items))) {
      const { scores } = await choose(list, { model, values: training, tokeniser: text.tokeniser, runtime })
      answers.push(...scores.map(({ rule, right, items }) => ({ set, rule, right, items })))
    }
    await judge.dispose()
    await training.dispose()
    return {
      multiplyAdds: cost,
      parameters: nn.countParameters(layer),
      curve,
      loads: (loads[0] ?? []).map((_, e) => meanOf(loads.map(l => l[e]!))),
      dropped: meanOf(dropped),
      answers,
    }
  },
  conclude: (of, config) => {
    const last = (arm: string) => of(arm).map(r => r.curve.at(-1)!)
    const perplexity = (arm: string) => last(arm).map(c => Math.exp(c.nats))
    const best = 'sMLP deterministic'
    const costs = ARMS.map(a => of(a)[0]!.multiplyAdds)
    const largestLoad = (arm: string) => of(arm).map(r => Math.max(...r.loads) * r.loads.length)
    const ratios: Measurement[] = ARMS.filter(a => a !== best).map(a =>
      ratioOfPairs(`language: perplexity of ${a} / sMLP deterministic`, perplexity(a), perplexity(best)),
    )
    const dense = of('transformer').map(r => r.curve.at(-1)!.cpu)
    const sparse = ARMS.filter(a => of(a)[0]!.loads.length > 0)
    const sets = of(best)[0]!.answers.map(a => ({ set: a.set, rule: a.rule }))
    const perplexityPlot = (x: string, at: (c: { updates: number; cpu: number }, arm: string) => number) =>
      plot(
        ARMS.map(arm => ({
          name: arm,
          points: Array.from({ length: POINTS }, (_, i) => {
            const points = of(arm).map(r => r.curve[i]!)
            return [meanOf(points.map(p => at(p, arm))), Math.exp(meanOf(points.map(p => p.nats)))] as const
          }),
        })),
        { x, y: 'perplexity a token', logX: true, logY: true },
      )
    return {
      claims: [
        exact('language: largest difference in multiply–adds a token', Math.max(...costs.map(c => Math.abs(c / costs[0]! - 1)))),
        ...ratios,
        ...ARMS.map(a =>
          mean(
            `language: bits a byte of ${a}`,
            last(a).map(c => c.bits),
          ),
        ),
        ...ARMS.filter(a => a !== 'transformer').map(a =>
          ratioOfPairs(
            `language: CPU time of ${a} / transformer`,
            of(a).map(r => r.curve.at(-1)!.cpu),
            dense,
          ),
        ),
        exact('language: largest share of an expert × experts, BASE', Math.max(...largestLoad('base'))),
        mean('language: largest share of an expert × experts, Switch', largestLoad('switch')),
      ],
      tables: [
        {
          caption: `Means over ${config.seeds} seeds, after ${config.updates} updates of ${config.batch * config.time} tokens.`,
          head: ['model', 'parameters', 'multiply–adds a token', 'perplexity', 'bits a byte', 'CPU s'],
          rows: ARMS.map(a => [
            a,
            of(a)[0]!.parameters,
            Math.round(of(a)[0]!.multiplyAdds),
            Math.exp(meanOf(last(a).map(c => c.nats))),
            meanOf(last(a).map(c => c.bits)),
            meanOf(last(a).map(c => c.cpu)),
          ]),
        },
        {
          caption:
            "Where tokens went in the last fifth of training: each expert's share of those that found room, and the share that found none.",
          head: ['model', 'shares by expert (seed 0)', 'largest × experts', 'dropped'],
          rows: sparse.map(a => [
            a,
            of(a)[0]!
              .loads.map(l => l.toFixed(3))
              .join(' '),
            meanOf(largestLoad(a)),
            meanOf(of(a).map(r => r.dropped)),
          ]),
        },
        {
          caption: `Zero-shot accuracy by likelihood, the questions of all seeds together, with Wilson's 95 % interval (the questions are the same for each seed). Chance is 0.25.`,
          head: ['model', ...sets.map(s => `${s.set}, ${s.rule}`)],
          rows: ARMS.map(a => [
            a,
            ...sets.map(({ set, rule }) => {
              const own = of(a).flatMap(r => r.answers.filter(x => x.set === set && x.rule === rule))
              const [right, items] = [own.reduce((s, x) => s + x.right, 0), own.reduce((s, x) => s + x.items, 0)]
              const [low, high] = wilson(right, items)
              return `${(right / items).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
            }),
          ]),
        },
      ],
      plots: [
        {
          caption: 'Perplexity of the held-out text over the multiply–adds of training (three times those of the forward passes).',
          svg: perplexityPlot('multiply–adds', (c, arm) => 3 * c.updates * config.batch * config.time * of(arm)[0]!.multiplyAdds),
        },
        { caption: 'The same over CPU seconds, one thread.', svg: perplexityPlot('CPU s', c => c.cpu) },
      ],
    }
  },
})
