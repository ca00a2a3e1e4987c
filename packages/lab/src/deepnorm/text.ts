import { depthProfile, type Scheme, withoutBlocks } from '@dioramic/learn/deepnorm'
import { allWindows, compile, item, type Key, type NDArray, numbersOf, plot, randomWindows, type Tree, vocabulary } from '@dioramic/tensor'
import { exact, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { dataText, lacking } from '../node/data-files.ts'
import { countingFloors } from './floors.ts'
import { curveOf, deepLm, lossOf, runtime, SCHEMES, TITLES, trained } from './model.ts'

const TEXT = 'tinyshakespeare.txt'
const TIME = 16

/** The characters of Shakespeare's plays, nine tenths to learn from; of the rest the first windows are scored. */
function texts(text: string, windows: number) {
  const all = vocabulary(text)
  const tokens = all.encode(text)
  const cut = Math.floor(0.9 * tokens.shape[0]!)
  const piece = (from: number, to: number): NDArray => ({
    ...tokens,
    shape: [to - from],
    data: tokens.data.slice(from, to) as BigInt64Array,
  })
  const train = piece(0, cut)
  const held = piece(cut, cut + windows * TIME + 1)
  const plain = [...numbersOf(held)]
  return { size: all.size, train, held, floors: countingFloors(numbersOf(train), plain.slice(0, -1), plain.slice(1), all.size) }
}

/** Mean loss over held-out windows. */
async function scored(model: ReturnType<typeof deepLm>, params: Tree<NDArray>, held: NDArray, key: Key): Promise<number> {
  const { state } = model.init(key)
  const windows = allWindows(held, { batch: 64, time: TIME })
  const run = compile<readonly Tree<NDArray>[]>(lossOf(model), runtime)
  let sum = 0
  for (let i = 0; i < windows.perEpoch; i++) {
    const { x, y } = await windows.at(0, i)
    sum += item((await run(params, state, { x, y })) as NDArray)
  }
  await run.dispose()
  return sum / windows.perEpoch
}

/** Of the first block's gradient and the last one's, the greater to the less; post-LN's may underflow to 0, so at most the largest float. */
const ratio = (g: readonly number[]) => Math.min(2 ** 128, Math.max(g[0]! / g.at(-1)!, g.at(-1)! / g[0]!))

interface Sizes {
  readonly layers: number
  readonly arms: readonly Scheme[]
  readonly seeds: number
  readonly updates: number
  readonly quick?: { readonly seeds: number; readonly updates: number }
}

/** Characters of a text, learnt by so many blocks. */
const textPart = ({ layers, arms, seeds, updates, quick }: Sizes) => {
  const named = (what: string, arm: Scheme) => `text, ${layers} blocks: ${what}, ${TITLES[arm]}`
  const claims = (arm: Scheme) => ({
    unigram: named('nats below single characters', arm),
    bigram: named('nats below pairs of characters', arm),
    ablation: named('nats that the middle half is worth', arm),
    before: named('gradients of first and last block at first values, largest ratio', arm),
    after: named('gradients of first and last block after training, largest ratio', arm),
  })
  return part({
    name: `text-${layers}`,
    about: `Characters of Shakespeare's plays (${TEXT}), windows of ${TIME}, 16 a batch; ${layers} blocks of d 16. All arms have the same key, batches and settings: Adam at 0.014/√blocks, at 0.014/blocks for biases and the norms’ gains, at 0.03 for what stands around the blocks. Losses are of 16,384 held-out characters, beside what counting single characters and pairs reaches on the same.`,
    arms,
    code: ['text', 'floors', 'model'].map(f => `lab/src/deepnorm/${f}.ts`).concat(['learn/src/deepnorm', 'tensor/src']),
    config: fast => ({
      layers,
      seeds: fast ? (quick?.seeds ?? 0) : seeds,
      updates: fast ? (quick?.updates ?? 0) : updates,
      lr: 0.014,
      edges: 0.03,
      windows: fast ? 256 : 1024,
      here: dataText(TEXT) !== undefined,
    }),
    seconds: c => (c.here ? (c.layers * c.updates) / 1000 : 0),
    run: async ({ arm, config, key }) => {
      const text = dataText(TEXT)
      if (text === undefined) return null as never
      const { size, train, held, floors } = texts(text, config.windows)
      const sizes = { layers, d: 16, time: TIME, vocabulary: size }
      const model = deepLm(arm as Scheme, sizes)
      const data = randomWindows(train, { batch: 16, time: TIME, key: key.fork('batches') })
      const { losses, skipped, params } = await trained(model, lossOf(model), data, config, key)
      const { params: first, state } = model.init(key.fork('init'))
      const gradients = async (of: Tree<NDArray>) =>
        (await depthProfile(lossOf(model), { params: of, state, batch: await data.at(1, 0), key, runtime }))[0]!.gradient
      const [before, after] = [await gradients(first), await gradients(params)]
      const half = withoutBlocks(params, 'blocks', Math.floor(layers / 4), Math.floor((3 * layers) / 4))
      const validation = await scored(model, params, held, key)
      return {
        ...floors,
        validation,
        ablated: await scored(
          deepLm(arm as Scheme, sizes, layers - Math.floor((3 * layers) / 4) + Math.floor(layers / 4)),
          half,
          held,
          key,
        ),
        before: ratio(before),
        after: ratio(after),
        skipped,
        curve: curveOf(losses, 25),
      }
    },
    conclude: (of, { here, seeds: n }) => {
      const names = arms.map(claims)
      if (n === 0 || !here)
        return {
          unmeasured: names.flatMap(c => Object.values(c)),
          notes: here ? ['Not part of the quick form.'] : [lacking('The text was', TEXT)],
        }
      const worst = (claim: string, x: readonly number[]) => exact(claim, Math.max(...x))
      const { unigram, bigram } = of(arms[0]!)[0]!
      return {
        claims: arms.flatMap((arm, i) => {
          const [all, c] = [of(arm), names[i]!]
          return [
            mean(
              c.unigram,
              all.map(r => r.unigram - r.validation),
            ),
            mean(
              c.bigram,
              all.map(r => r.bigram - r.validation),
            ),
            mean(
              c.ablation,
              all.map(r => r.ablated - r.validation),
            ),
            worst(
              c.before,
              all.map(r => r.before),
            ),
            worst(
              c.after,
              all.map(r => r.after),
            ),
          ]
        }),
        plots: [
          {
            caption: `Training loss of the first seed, in nats a character, beside what counting reaches (held out): single characters ${unigram.toFixed(3)}, pairs ${bigram.toFixed(3)}.`,
            svg: plot(
              [
                ...arms.map(arm => ({ name: TITLES[arm], points: of(arm)[0]!.curve })),
                ...(['unigram', 'bigram'] as const).map(k => ({
                  name: k === 'unigram' ? 'single characters' : 'pairs',
                  points: [of(arms[0]!)[0]!.curve[0]!, of(arms[0]!)[0]!.curve.at(-1)!].map(([x]) => [x, of(arms[0]!)[0]![k]] as const),
                })),
              ],
              { x: 'update', y: 'nats', title: `${layers} blocks` },
            ),
          },
        ],
        tables: [
          {
            caption: `Means over seeds; counting reaches ${unigram.toFixed(3)} and ${bigram.toFixed(3)}.`,
            head: ['', 'held-out nats', 'without the middle half', 'gradient ratio before', 'after', 'updates left out'],
            rows: arms.map(arm => [
              TITLES[arm],
              ...(['validation', 'ablated', 'before', 'after', 'skipped'] as const).map(k => meanOf(of(arm).map(r => r[k]))),
            ]),
          },
        ],
      }
    },
  })
}

export const text100 = textPart({ layers: 100, arms: SCHEMES, seeds: 3, updates: 600, quick: { seeds: 1, updates: 50 } })
export const text200 = textPart({ layers: 200, arms: ['deepnorm', 'post-ln'], seeds: 3, updates: 600 })
export const text500 = textPart({ layers: 500, arms: ['deepnorm', 'post-ln'], seeds: 1, updates: 400 })
export const text1000 = textPart({ layers: 1000, arms: ['deepnorm', 'post-ln'], seeds: 1, updates: 450 })
