/** Whether samples of a GAN help a classifier that has few real ones. */
import {
  accuracy,
  augmented,
  fitGan,
  kernelDistance,
  type LabelledSet,
  mlp,
  prepared,
  rowsOf,
  samplerOf,
  trainGan,
  trainJudge,
} from '@dioramic/learn/gan'
import { sheet } from '@dioramic/learn/report'
import { f32, jitter, type Key } from '@dioramic/tensor'
import { engine } from '../agent/engine.ts'
import { mean, meanOf } from '../evidence.ts'
import { type Job, part } from '../experiment.ts'
import { digitCode } from './code.ts'
import { batchesOf, digits } from './digits.ts'

interface Config {
  readonly [name: string]: number
  /** Digits that there are to learn from, all classes together. */
  readonly few: number
  /** Of each GAN. */
  readonly updates: number
  /** Samples that are added. */
  readonly extra: number
  readonly tests: number
}

const WAYS = ['few digits', 'moved digits too', 'samples of the plain GAN too', 'samples of the augmented GAN too', 'both'] as const

/** Each digit some times over, moved by up to a pixel. */
function moved({ x, y, ...rest }: LabelledSet, times: number, key: Key): LabelledSet {
  // What comes in from outside is 0 in `jitter`; paper is −1 here.
  const up = f32(
    Float32Array.from(
      x.flatMap(r => [...r]),
      v => v + 1,
    ),
    [x.length, ...rest.shape],
  )
  const copies = Array.from({ length: times }, (_, i) => rowsOf(jitter(up, key.fork(i), { shift: 1 })).map(r => r.map(v => v - 1)))
  return { ...rest, x: copies.flat(), y: copies.flatMap(() => Array.from(y)) }
}

const joined = (a: LabelledSet, b: LabelledSet): LabelledSet => ({ ...a, x: [...a.x, ...b.x], y: [...Array.from(a.y), ...Array.from(b.y)] })

async function run({ config: { few, updates, extra, tests }, key, seed }: Job<Config>) {
  const own = digits(few, key.fork('few'))
  const [test, other] = [digits(tests, key.fork('tests')), digits(tests, key.fork('other'))]
  const options = { shape: own.shape, classes: 10, width: 128, latent: 16 }
  const samples = async (build: typeof mlp) => {
    const recipe = { ...prepared('mlp', options), architecture: build(options) }
    const gan = await trainGan({ ...recipe, updates, key: key.fork('gan'), ...engine })
    await fitGan(gan, { batches: batchesOf(own, 50, key.fork('batches')), updates, logEvery: updates })
    const sampler = samplerOf(recipe.architecture, gan.weights(), engine.runtime)
    const { x, labels } = await sampler.sample(extra, key.fork('samples'))
    await Promise.all([gan.dispose(), sampler.dispose()])
    return { ...own, x: rowsOf(x), y: labels! }
  }
  const plain = await samples(mlp)
  const careful = await samples(augmented(mlp, { tone: 0.5, cut: 0.25 }))
  const more = joined(own, moved(own, Math.ceil(extra / few), key.fork('moved')))
  const correct: number[] = []
  for (const set of [own, more, joined(own, plain), joined(own, careful), joined(more, careful)])
    correct.push(await accuracy(await trainJudge(set, key.fork('classifier'), engine), test))
  const judge = await trainJudge(digits(1000, key.fork('judge')), key.fork('judge'), engine)
  const features = await judge.features(other.x)
  const far = async (set: LabelledSet) => kernelDistance(features, await judge.features(set.x))
  const rows = { 'few digits': own, 'the plain GAN': plain, 'the augmented GAN': careful }
  const pictures = Object.entries(rows).map(([title, { x }]) => ({ title, pictures: x.slice(0, 30) }))
  return {
    correct,
    kernel: [await far(plain), await far(careful)],
    judge: judge.name,
    ...(seed > 0 ? {} : { sheet: sheet(pictures, [8, 8], 4) }),
  }
}

export const augmentationPart = part<Config, Awaited<ReturnType<typeof run>>>({
  name: 'augmentation',
  about:
    'A classifier has ten digits of each class to learn from. Beside them: the same digits moved by up to a pixel; samples of a conditional GAN that was trained on those few digits and nothing else; samples of one whose discriminator saw them augmented (differentiable augmentation); and both. Whatever comes out is reported.',
  arms: ['digits'],
  code: [...digitCode, 'lab/src/gan/augmentation.ts', 'learn/src/gan/augment'],
  config: quick =>
    quick ? { seeds: 1, few: 100, updates: 200, extra: 300, tests: 500 } : { seeds: 6, few: 100, updates: 500, extra: 500, tests: 1000 },
  seconds: ({ updates }) => updates / 60 + 4,
  run,
  conclude(of) {
    const all = of('digits')
    const claim = (name: string, a: number, b: number) =>
      mean(
        `augmentation: points of accuracy gained by ${name}`,
        all.map(r => 100 * (r.correct[a]! - r.correct[b]!)),
      )
    const svg = all[0]!.sheet
    return {
      claims: [
        claim('moving the digits', 1, 0),
        claim('samples of the plain GAN', 2, 0),
        claim('samples of the augmented GAN', 3, 0),
        claim('samples of the augmented GAN beside moved digits', 4, 1),
        mean(
          'augmentation: kernel distance of the plain GAN − of the augmented one',
          all.map(r => r.kernel[0]! - r.kernel[1]!),
        ),
      ],
      tables: [
        {
          caption: `Accuracy on digits that none has seen, and kernel distance of what the GANs make to such digits, in the features of a classifier of 1,000 others (${all[0]!.judge}; another each seed).`,
          head: ['learned from', 'accuracy', 'kernel distance'],
          rows: WAYS.map((way, i) => [
            way,
            meanOf(all.map(r => r.correct[i]!)).toFixed(3),
            i === 2 || i === 3 ? meanOf(all.map(r => r.kernel[i - 2]!)).toFixed(3) : '',
          ]),
        },
      ],
      ...(svg ? { plots: [{ caption: 'The digits that there are, and what the GANs make of them (seed 0).', svg }] } : {}),
    }
  },
})
