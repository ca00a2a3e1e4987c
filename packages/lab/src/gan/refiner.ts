/** A segmenter for photographs of which none is labelled, from renders that are. */
import {
  fitGan,
  leastSquares,
  matchHistograms,
  type Planes,
  refiner,
  refinerPairs,
  refinerRules,
  refineWith,
  trainGan,
} from '@dioramic/learn/gan'
import { sheet } from '@dioramic/learn/report'
import { f32, fillNormal, fillUniform, type Key, type NDArray } from '@dioramic/tensor'
import { engine } from '../agent/engine.ts'
import { mean, meanOf } from '../evidence.ts'
import { type Job, part } from '../experiment.ts'
import { EDGE, type RefinerPictures, refinerPictures, type Scenes } from './refiner-pictures.ts'
import { segment } from './segmenter.ts'

interface Config {
  readonly [name: string]: number | Scenes
  readonly scenes: Scenes
  /** Of the refiner. */
  readonly updates: number
  /** Of each segmenter. */
  readonly steps: number
}

const ARMS = ['raw', 'jittered', 'matched', 'refined', 'target'] as const

async function refined({ renders, targets }: RefinerPictures, updates: number, key: Key): Promise<Planes[]> {
  const architecture = refiner({ height: EDGE, width: EDGE })
  const gan = await trainGan({ architecture, loss: leastSquares(), rules: refinerRules(), updates, key, ...engine })
  const batches = refinerPairs(targets.pictures, renders.pictures, { height: EDGE, width: EDGE, size: 8, key: key.fork('pairs') })
  await fitGan(gan, { batches, updates, logEvery: updates })
  const by = refineWith(architecture, gan.weights(), engine.runtime)
  const out: Planes[] = []
  for (const [i, p] of renders.pictures.entries()) out.push(await by.refine(p, key.fork('grain').fork(i)))
  await Promise.all([gan.dispose(), by.dispose()])
  return out
}

/** What is done without any target picture: each picture gets a tone, a tint and grain of its own. */
function jittered(x: NDArray, key: Key): NDArray {
  const n = x.shape[0]!
  const size = x.data.length / n
  const [tones, grain] = [new Float32Array(7 * n), new Float32Array(x.data.length)]
  fillUniform(tones, key.fork('tone').words)
  fillNormal(grain, key.fork('grain').words)
  const data = (x.data as Float32Array).map((v, i) => {
    const k = Math.floor(i / size)
    const c = Math.floor((3 * (i % size)) / size)
    const [gain, lift, noise] = [0.4 + 0.8 * tones[7 * k + c]!, tones[7 * k + 3 + c]! - 0.5, 0.2 * tones[7 * k + 6]!]
    return Math.max(-1, Math.min(1, gain * v + lift + noise * grain[i]!))
  })
  return f32(data, x.shape)
}

async function run({ arm, seed, config, key }: Job<Config>) {
  const all = await refinerPictures(config.scenes)
  const { renders, targets, tests } = all
  const pictures =
    arm === 'refined'
      ? await refined(all, config.updates, key.fork('refiner'))
      : arm === 'matched'
        ? renders.pictures.map(matchHistograms(renders.pictures, targets.pictures))
        : renders.pictures
  const train = arm === 'target' ? targets : { ...renders, pictures }
  const overlap = await segment(train, tests, {
    updates: config.steps,
    key: key.fork('segmenter'),
    ...(arm === 'jittered' ? { augment: jittered } : {}),
  })
  if (seed > 0 || arm !== 'refined') return { overlap }
  const some = (list: readonly Planes[]) => list.filter((_, i) => i % Math.ceil(list.length / 12) === 0).map(p => p.data)
  const matched = renders.pictures.map(matchHistograms(renders.pictures, targets.pictures))
  const rows = [
    { title: 'renders', pictures: some(renders.pictures) },
    { title: 'tone curves matched', pictures: some(matched) },
    { title: 'refined', pictures: some(pictures) },
    { title: 'photographs (of other scenes)', pictures: some(targets.pictures) },
  ]
  return { overlap, sheet: sheet(rows, [EDGE, EDGE], 3) }
}

export const refinerPart = part<Config, { readonly overlap: number; readonly sheet?: string }>({
  name: 'refiner',
  code: ['refiner', 'refiner-camera', 'refiner-pictures', 'refiner-world', 'segmenter']
    .map(f => `lab/src/gan/${f}.ts`)
    .concat('learn/src/gan/refine', 'learn/src/gan/trainer', 'learn/src/gan/losses/least-squares.ts'),
  about:
    'Solids on a floor are rendered with labels in a studio. What has to be segmented are photographs of other such scenes: in four other rooms, by a camera that has a colour cast, exposures of its own, blur, vignetting, grain, faded colours and a harsh tone curve. A refiner learns the look from unlabelled photographs and changes the renders; a small U-Net learns solid from background from them and is judged on held-out photographs. Beside it the same U-Net from raw renders, from renders with random tones, tints and grain, from renders whose tone curves are matched to the photographs, and, as what could be had at most, from labelled photographs.',
  arms: ARMS,
  config: quick =>
    quick
      ? { seeds: 1, scenes: { renders: 6, targets: 6, tests: 4 }, updates: 60, steps: 20 }
      : { seeds: 5, scenes: { renders: 20, targets: 20, tests: 10 }, updates: 250, steps: 80 },
  seconds: ({ updates, steps }) => updates / 200 + steps / 60,
  run,
  conclude(of) {
    const overlaps = (arm: string) => of(arm).map(r => r.overlap)
    const over = (a: string, b: string) => overlaps(a).map((v, i) => v - overlaps(b)[i]!)
    const picture = of('refined')[0]!.sheet
    return {
      claims: [
        mean('refiner: mean IoU from refined renders − from raw ones', over('refined', 'raw')),
        mean('refiner: mean IoU from refined renders − from matched ones', over('refined', 'matched')),
        mean('refiner: mean IoU from refined renders − from jittered ones', over('refined', 'jittered')),
        mean('refiner: mean IoU from labelled photographs − from refined renders', over('target', 'refined')),
      ],
      tables: [
        {
          caption: 'Mean intersection over union of solid and background on held-out photographs; five segmenters of each kind.',
          head: ['learned from', 'mean', 'each'],
          rows: ARMS.map(arm => [
            arm,
            meanOf(overlaps(arm)).toFixed(3),
            overlaps(arm)
              .map(v => v.toFixed(3))
              .join(' '),
          ]),
        },
      ],
      ...(picture
        ? {
            plots: [
              { caption: 'Renders, the same by matched tone curves and refined, and what they are to look like (seed 0).', svg: picture },
            ],
          }
        : {}),
    }
  },
})
