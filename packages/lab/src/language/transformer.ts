import {
  bpeTokeniser,
  type ChoiceSet,
  characterTokeniser,
  choiceSet,
  choose,
  encodeDocuments,
  firstTokens,
  floorsOf,
  learnMerges,
  splitDocuments,
  trainLanguage,
  transformerLm,
} from '@dioramic/learn/language'
import { loadCorpus } from '@dioramic/learn/node/language'
import { nn } from '@dioramic/tensor'
import { exact, mean, share } from '../evidence.ts'
import { part } from '../experiment.ts'
import { arena, runtime } from '../theory/engine.ts'

const ARMS = {
  'moby-dick, characters': { text: 'moby-dick', bpe: 0, sets: ['continuation', 'cloze'] },
  'moby-dick, BPE 1024': { text: 'moby-dick', bpe: 1024, sets: ['continuation', 'cloze'] },
  'manual, characters': { text: 'manual', bpe: 0, sets: ['continuation', 'cloze'] },
  'code, characters': { text: 'code', bpe: 0, sets: ['cloze', 'brackets'] },
  'code, BPE 1024': { text: 'code', bpe: 1024, sets: ['cloze', 'brackets'] },
} as const satisfies Readonly<Record<string, { text: string; bpe: number; sets: readonly ChoiceSet[] }>>
type Arm = keyof typeof ARMS

const TIME = 128

/** The baseline on three kinds of text. */
export const transformer = part({
  name: 'transformer',
  about:
    'A decoder-only transformer of two layers of width 64 and 4 heads, windows of 128 tokens, batches of 4, otherwise the recipe as it is. Bits a byte of 40,000 held-out tokens beside counts of the two tokens before (of the same tokens), and items made of the held-out part: which of four sentences goes on, which of four words of like frequency, which of three brackets closes.',
  arms: Object.keys(ARMS),
  code: [
    'lab/src/language/transformer.ts',
    'learn/src/language',
    ...['corpus', 'sources'].map(f => `learn/src/node/language/${f}.ts`),
    'tensor/src',
  ],
  config: quick => ({
    arms: quick ? ['moby-dick, characters', 'code, BPE 1024'] : Object.keys(ARMS),
    seeds: quick ? 1 : 3,
    updates: quick ? 150 : 5000,
    items: quick ? 20 : 200,
  }),
  seconds: ({ updates, items }) => 5 + updates * 0.02 + items * 0.05,
  run: async ({ arm, config: { arms, updates, items }, key }) => {
    if (!arms.includes(arm)) return null
    const { text, bpe, sets } = ARMS[arm as Arm]
    const { documents } = loadCorpus(text)
    const split = splitDocuments(documents)
    const tokeniser = bpe === 0 ? characterTokeniser(documents) : bpeTokeniser(learnMerges(split.train, bpe))
    const train = encodeDocuments(tokeniser, split.train)
    const validation = firstTokens(encodeDocuments(tokeniser, split.validation), 40_000)
    const model = transformerLm({ vocabulary: tokeniser.size, d: 64, layers: 2, heads: 4, time: TIME })
    const { training, validation: score } = await trainLanguage({
      model,
      tokeniser,
      train,
      validation,
      batch: 4,
      updates,
      key,
      runtime,
      arena,
    })
    const asked: Record<string, { chance: number; items: number; right: Record<string, number> }> = {}
    for (const set of sets) {
      const found = await choose(choiceSet(set, split.test, { count: items, key: key.fork('items'), longest: TIME }), {
        model,
        values: training,
        tokeniser,
        runtime,
      })
      asked[set] = {
        chance: found.chance,
        items: found.scores[0]!.items,
        right: Object.fromEntries(found.scores.map(s => [s.rule, s.right])),
      }
    }
    await training.dispose()
    return {
      perByte: score!.bitsPerByte,
      perToken: score!.bitsPerToken,
      counts: (floorsOf(train, validation, tokeniser.size).trigram / Math.LN2) * (score!.bitsPerByte / score!.bitsPerToken),
      parameters: nn.countParameters(model.layer),
      asked,
    }
  },
  conclude: (records, { arms: some }) => {
    const arms = (Object.keys(ARMS) as Arm[]).filter(a => some.includes(a))
    const of = (arm: Arm) => records(arm).flatMap(r => (r ? [r] : []))
    const pooled = (arm: Arm, set: string, rule: string) => {
      const all = of(arm).map(r => r.asked[set]!)
      return { right: all.reduce((n, a) => n + a.right[rule]!, 0), items: all.reduce((n, a) => n + a.items, 0), chance: all[0]!.chance }
    }
    const questions = arms.flatMap(arm => ARMS[arm].sets.map(set => ({ arm, set })))
    const percent = (x: number) => `${(100 * x).toFixed(1)} %`
    return {
      claims: [
        ...arms.map(arm =>
          mean(
            `${arm}: bits a byte`,
            of(arm).map(r => r.perByte),
          ),
        ),
        ...arms.map(arm =>
          mean(
            `${arm}: bits a byte less those of counts of two before`,
            of(arm).map(r => r.perByte - r.counts),
          ),
        ),
        ...questions.map(({ arm, set }) => {
          const { right, items } = pooled(arm, set, 'sum')
          return share(`${arm}: ${set}, right by likelihood`, right, items)
        }),
      ],
      tables: [
        {
          caption: 'Bits of held-out text, means over seeds.',
          head: ['', 'bits a token', 'bits a byte', 'counts of two before, bits a byte', 'parameters'],
          rows: arms.map(arm => {
            const average = (f: (r: ReturnType<typeof of>[number]) => number) =>
              exact('', of(arm).reduce((s, r) => s + f(r), 0) / of(arm).length).value
            return [arm, average(r => r.perToken), average(r => r.perByte), average(r => r.counts), of(arm)[0]!.parameters]
          }),
        },
        {
          caption:
            'Right answers without training for the questions: by the likelihood of a choice, a byte of it, and less that after no context.',
          head: ['', 'items', 'chance', 'likelihood', 'a byte', 'calibrated'],
          rows: questions.map(({ arm, set }) => {
            const { items, chance } = pooled(arm, set, 'sum')
            return [
              `${arm}: ${set}`,
              items,
              percent(chance),
              ...['sum', 'perByte', 'calibrated'].map(rule => percent(pooled(arm, set, rule).right / items)),
            ]
          }),
        },
      ],
    }
  },
})
