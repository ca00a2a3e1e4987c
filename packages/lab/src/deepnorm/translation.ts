import { residualStream, type Scheme, type Stream } from '@dioramic/learn/deepnorm'
import {
  argMax,
  type Batches,
  cast,
  compile,
  crossEntropy,
  equal,
  item,
  type Key,
  mean as meanOfTensor,
  mul,
  type NDArray,
  nn,
  notEqual,
  plot,
  relu,
  sub,
  sum,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import { exact, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { languages, SOURCE, SOURCE_WORDS, shifted, TARGET, TARGET_WORDS } from './languages.ts'
import { curveOf, runtime, TITLES, trained } from './model.ts'

/** Depth of each half, width, rule, and the rate. */
const ARMS = {
  'deep and narrow': { layers: 12, d: 32, scheme: 'deepnorm', lr: 0.02 },
  'deep and narrow, post-LN': { layers: 12, d: 32, scheme: 'post-ln', lr: 0.02 },
  'shallow and wide': { layers: 2, d: 96, scheme: 'deepnorm', lr: 0.005 },
} as const satisfies Record<string, { layers: number; d: number; scheme: Scheme; lr: number }>
type Arm = keyof typeof ARMS
const NAMES = Object.keys(ARMS) as Arm[]

/** A transformer as the paper has it: the two halves equally deep. */
export function translator({ layers, d, scheme }: { readonly layers: number; readonly d: number; readonly scheme: Scheme }): nn.Layer {
  const streams = residualStream(scheme, { encoder: layers, decoder: layers })
  const blocks = ({ residual, gains, rates }: Stream, own: Pick<nn.BlockOptions, 'attention' | 'cross'>) =>
    nn.repeat(layers, rates(gains(nn.block({ d, ...own, ffn: nn.ffn(d, { hidden: 2 * d, activation: relu }), residual })), 'adam'))
  const entry = (words: number, time: number) => ({
    embedding: nn.embedding(words, d, { init: nn.normal(1) }),
    positions: nn.learnedPositions(time, d, { init: nn.normal(1) }),
  })
  return nn.encoderDecoder({
    source: SOURCE,
    encoder: nn.sequence({
      ...entry(SOURCE_WORDS, SOURCE),
      blocks: blocks(streams.encoder, { attention: nn.attention(d, { heads: 2 }) }),
      end: streams.encoder.end(d),
    }),
    decoder: nn.sequence({
      ...entry(TARGET_WORDS, TARGET),
      blocks: blocks(streams.decoder, {
        attention: nn.attention(d, { heads: 2, causal: true }),
        cross: nn.crossAttention(d, { heads: 2 }),
      }),
      end: streams.decoder.end(d),
      readout: nn.linear(d, TARGET_WORDS),
    }),
  })
}

/** Sentences as a batch: x is the source and what the decoder reads, y the target. */
function batchOf(translate: ReturnType<typeof languages>, key: Key, size: number) {
  const all = Array.from({ length: size }, (_, i) => translate(key.fork(i)))
  const tokens = (rows: readonly (readonly number[])[]): NDArray => ({
    dtype: 'i64',
    shape: [rows.length, rows[0]!.length],
    data: BigInt64Array.from(rows.flat(), BigInt),
  })
  return { x: tokens(all.map(s => [...s.source, ...shifted(s.target)])), y: tokens(all.map(s => s.target)) }
}

type Pair = { readonly x: Tensor; readonly y: Tensor }
/** 1 where a target is no filler. */
const counts = (y: Tensor) => cast(notEqual(y, 0), 'f32')

/** Many narrow blocks, or few wide ones. */
export const translation = part({
  name: 'translation',
  about:
    'An encoder–decoder translates between two drawn languages: the order is turned about, adjectives follow their noun, adjectives and verbs agree with a number and with a gender that only the lexicon knows. 12 + 12 blocks of d 32 beside 2 + 2 of d 96, which have more parameters, at equal updates and batches. Adam at the rates by depth, from 0.02 and 0.005: the best of 0.005, 0.01, 0.02, 0.04 and of 0.0025, 0.005, 0.01, 0.02 on the first seed; 0.02 around the blocks. A sentence counts when every word is right.',
  arms: NAMES,
  code: ['translation', 'languages', 'model'].map(f => `lab/src/deepnorm/${f}.ts`).concat(['learn/src/deepnorm', 'tensor/src']),
  config: quick => ({ seeds: quick ? 0 : 3, updates: 200, batch: 24, edges: 0.02, fresh: 512 }),
  seconds: ({ updates }) => updates / 15,
  run: async ({ arm, config, key }) => {
    const { batch, updates, fresh } = config
    const model = translator(ARMS[arm as Arm])
    const translate = languages(key.fork('languages'))
    const loss = (p: Tree<Tensor>, s: Tree<Tensor>, { x, y }: Pair) => crossEntropy(model.apply(p, s, x)[0], y, { weights: counts(y) })
    const data: Batches<object> = { perEpoch: updates, at: (_, i) => batchOf(translate, key.fork('data').fork(i), batch) }
    const before = process.cpuUsage()
    const { losses, skipped, params } = await trained(model, loss, data, { ...config, lr: ARMS[arm as Arm].lr }, key)
    const { user, system } = process.cpuUsage(before)
    const run = compile<readonly Tree<NDArray>[]>((p: Tree<Tensor>, s: Tree<Tensor>, { x, y }: Pair) => {
      const wrong = mul(sub(1, cast(equal(argMax(model.apply(p, s, x)[0]), y), 'f32')), counts(y))
      return {
        words: sub(1, meanOfTensor(wrong)),
        sentences: meanOfTensor(cast(equal(sum(wrong, -1), 0), 'f32')),
        share: meanOfTensor(counts(y)),
      }
    }, runtime)
    const found = (await run(params, model.init(key).state, batchOf(translate, key.fork('test'), fresh))) as Record<string, NDArray>
    await run.dispose()
    const share = item(found['share']!)
    return {
      parameters: nn.countParameters(model),
      words: 1 - (1 - item(found['words']!)) / share,
      sentences: item(found['sentences']!),
      skipped,
      seconds: (user + system) / 1e6,
      curve: curveOf(losses, 25),
    }
  },
  conclude: (of, { seeds: n }) => {
    if (n === 0) return { notes: ['Not part of the quick form.'] }
    const at = (arm: Arm, what: 'words' | 'sentences' | 'parameters' | 'seconds' | 'skipped') => of(arm).map(r => r[what])
    const less = (a: Arm, b: Arm, what: 'words' | 'sentences') => at(a, what).map((v, i) => v - at(b, what)[i]!)
    return {
      claims: [
        ...NAMES.map(arm => mean(`translation: sentences right, ${arm}`, at(arm, 'sentences'))),
        mean('translation: sentences right, deep and narrow − shallow and wide', less('deep and narrow', 'shallow and wide', 'sentences')),
        mean('translation: words right, deep and narrow − shallow and wide', less('deep and narrow', 'shallow and wide', 'words')),
        mean(
          `translation: words right, deep and narrow, ${TITLES.deepnorm} − ${TITLES['post-ln']}`,
          less('deep and narrow', 'deep and narrow, post-LN', 'words'),
        ),
        exact(
          'translation: parameters, shallow and wide / deep and narrow',
          at('shallow and wide', 'parameters')[0]! / at('deep and narrow', 'parameters')[0]!,
        ),
      ],
      plots: [
        {
          caption: 'Training loss of the first seed, in nats a word.',
          svg: plot(
            NAMES.map(arm => ({ name: arm, points: of(arm)[0]!.curve })),
            { x: 'update', y: 'nats', title: 'Translation' },
          ),
        },
      ],
      tables: [
        {
          caption: 'Means over seeds; seconds are processor time of training.',
          head: ['', 'parameters', 'sentences right', 'words right', 'seconds', 'updates left out'],
          rows: NAMES.map(arm => [
            arm,
            ...(['parameters', 'sentences', 'words', 'seconds', 'skipped'] as const).map(k => meanOf(at(arm, k))),
          ]),
        },
      ],
    }
  },
})
