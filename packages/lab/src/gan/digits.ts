import {
  accuracy,
  fitGan,
  type LabelledSet,
  type Measures,
  measure,
  prepared,
  rowsOf,
  samplerOf,
  trainGan,
  trainJudge,
} from '@dioramic/learn/gan'
import { tiles } from '@dioramic/learn/report'
import { drawnDigits } from '@dioramic/learn/theory'
import { batches, f32, i64, type Key } from '@dioramic/tensor'
import { engine } from '../agent/engine.ts'
import { exact, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { digitCode } from './code.ts'

/** Digits drawn for the purpose, in [−1, 1]. */
export const digits = (count: number, key: Key): LabelledSet => {
  const set = drawnDigits(count, key)
  return { ...set, x: set.x.map(r => r.map(v => 2 * v - 1)), shape: [1, 8, 8] }
}

/** Batches of a labelled set. */
export const batchesOf = ({ x, y, shape }: LabelledSet, size: number, key: Key) =>
  batches({ x: f32(Float32Array.from(x.flatMap(r => [...r])), [x.length, ...shape]), y: i64(Array.from(y)) }, { size, key })

/** A few samples as a row of pictures. */
export const sheetOf = (rows: readonly Float64Array[], count = 20): number[][] =>
  rows.slice(0, count).map(r => Array.from(r, v => Math.round(100 * v) / 100))

/** Sheets one under another, each with its name. */
export const sheets = (list: readonly { readonly name: string; readonly sheet: readonly (readonly number[])[] }[]): string =>
  tiles(
    list.map(({ name, sheet }) =>
      sheet.map((values, i) => ({ title: i === 0 ? name : '', values, size: [8, 8] as const, scale: 'grey' as const })),
    ),
    44,
  )

export type DigitRecord = {
  readonly measures: Measures
  readonly ceiling: Measures
  readonly ratio: number
  readonly real: number
  readonly sheet: number[][]
}

/** A GAN of digits measured by what a classifier makes of its samples. */
export const digitsPart = part({
  name: 'digits',
  about:
    'A conditional GAN of fully connected nets on 2,000 drawn digits of 8 × 8 pixels. Its samples are held against 1,000 digits that it has not seen, in the features of a small classifier that is named with its hash; a classifier trained on its samples alone is tried on real digits.',
  arms: ['conditional'],
  config: quick => ({ seeds: quick ? 1 : 5, updates: quick ? 1200 : 3000, training: 2000, heldOut: 1000 }),
  seconds: ({ updates }) => updates / 150,
  code: digitCode,
  run: async ({ config: { updates, training, heldOut }, key }): Promise<DigitRecord> => {
    const [own, other, test] = [
      digits(training, key.fork('training')),
      digits(heldOut, key.fork('held out')),
      digits(heldOut, key.fork('test')),
    ]
    const judge = await trainJudge(own, key.fork('judge'), engine)
    const recipe = prepared('mlp', { shape: own.shape, classes: 10, width: 256 }, { average: 0.998 })
    const gan = await trainGan({ ...recipe, updates, key: key.fork('gan'), ...engine })
    await fitGan(gan, { batches: batchesOf(own, 64, key.fork('batches')), updates, logEvery: updates })
    const sampler = samplerOf(gan.architecture, gan.weights(), engine.runtime)
    const made = await sampler.sample(heldOut, key.fork('samples'))
    const fake = { x: rowsOf(made.x), labels: made.labels! }
    const many = await sampler.sample(training, key.fork('to train on'))
    const student = await trainJudge({ ...own, x: rowsOf(many.x), y: many.labels! }, key.fork('student'), engine)
    const [onFake, onReal] = [await accuracy(student, test), await accuracy(judge, test)]
    const sets = { training: own.x, heldOut: other.x }
    const measures = await measure(judge, fake, sets)
    // What other real digits reach: nothing generated can be asked for more.
    const ceiling = await measure(judge, { x: test.x, labels: test.y }, sets)
    await Promise.all([gan.dispose(), sampler.dispose()])
    return { measures, ceiling, ratio: onFake / onReal, real: onReal, sheet: sheetOf(fake.x) }
  },
  conclude: of => {
    const all = of('conditional')
    const numbers = (f: (r: DigitRecord) => number) => all.map(f)
    const names = [
      'precision',
      'recall',
      'density',
      'coverage',
      'agreement',
      'closer',
      'copies',
      'frechet',
      'kernel',
      'inception',
      'classEntropy',
    ] as const
    const row = (name: (typeof names)[number]) => [name, meanOf(numbers(r => r.measures[name]!)), meanOf(numbers(r => r.ceiling[name]!))]
    return {
      claims: [
        mean(
          'digits: accuracy trained on generated / on real',
          numbers(r => r.ratio),
        ),
        mean(
          'digits: precision',
          numbers(r => r.measures.precision),
        ),
        mean(
          'digits: recall',
          numbers(r => r.measures.recall),
        ),
        mean(
          'digits: agreement with the class asked for',
          numbers(r => r.measures.agreement!),
        ),
        mean(
          'digits: probability to be closer to the training set than held-out digits are',
          numbers(r => r.measures.closer),
        ),
        mean(
          'digits: share of near copies',
          numbers(r => r.measures.copies),
        ),
        exact('digits: accuracy trained on real', meanOf(numbers(r => r.real))),
      ],
      tables: [
        {
          caption: `Generated digits, and other real ones in their place. Judge of the first seed: ${all[0]!.measures.judge}.`,
          head: ['measure', 'generated', 'real'],
          rows: names.map(row),
        },
      ],
      plots: [
        {
          caption: 'Generated digits, one seed a row, the classes 0 to 9 twice.',
          svg: sheets(all.map((r, i) => ({ name: `seed ${i}`, sheet: r.sheet }))),
        },
      ],
    }
  },
})
