import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { EXIT, UsageError } from '../fail.ts'
import { learning } from '../learning.ts'
import { progress } from '../progress.ts'
import { duration, table } from '../units.ts'

const load = async () => ({
  ...(await import('@dioramic/learn/gan')),
  ...(await import('@dioramic/learn/node')),
  drawnDigits: (await import('@dioramic/learn/theory')).drawnDigits,
  Key: (await import('@dioramic/tensor')).Key,
})
type Library = Awaited<ReturnType<typeof load>>

interface DataOptions {
  readonly target?: string
  readonly scale: number
}

/** Samples of a file, or drawn digits: those to train on, or as many others. */
function dataOf({ loadRows, drawnDigits, Key }: Library, path: string | undefined, { target, scale }: DataOptions, heldOut: boolean) {
  if (path !== undefined) return loadRows(path, { scale, ...(target === undefined ? {} : { target }) })
  return drawnDigits(heldOut ? 1000 : 2000, Key.fromSeed(0).fork(heldOut ? 'held out' : 'training'))
}

export interface TrainOptions extends DataOptions {
  readonly recipe: string
  readonly shape?: readonly number[]
  readonly classes?: boolean
  readonly updates: number
  readonly batch: number
  readonly seed: number
  readonly out: string
}

/** Names the recipes. */
export async function ganRecipes(): Promise<number> {
  const { recipes } = await learning(load)
  process.stdout.write(`${table(Object.entries(recipes).map(([name, r]) => [name, r.loss.name, `classes: ${r.classes}`]))}\n`)
  return EXIT.ok
}

/** Trains a GAN into a folder; a run that was stopped goes on. */
export async function ganTrain(path: string | undefined, o: TrainOptions): Promise<number> {
  const library = await learning(load)
  const { recipes, trainGanFolder, openGanFolder, encodeSheet, Key } = library
  if (!Object.hasOwn(recipes, o.recipe))
    throw new UsageError(`there is no recipe "${o.recipe}"; there are: ${Object.keys(recipes).join(', ')}`)
  const recipe = o.recipe as keyof typeof recipes
  const wants = recipes[recipe].classes
  if (o.classes && wants === 'none') throw new UsageError(`the recipe "${recipe}" takes no classes: leave --classes out`)
  const data = dataOf(library, path, o, false)
  const shape = o.shape ?? (data.shape.length === 2 ? [1, ...data.shape] : data.shape)
  const folder = resolve(o.out)
  const show = progress()
  const start = performance.now()
  const result = await trainGanFolder(
    folder,
    data,
    {
      recipe,
      shape,
      ...(o.classes || wants === 'needed' ? { classes: data.classes } : {}),
      updates: o.updates,
      batch: o.batch,
      seed: o.seed,
    },
    { logs: [{ write: e => show.step('train', e.step, o.updates, e.secondsLeft ?? 0) }] },
  )
  show.done()
  if (shape.length === 3) {
    const { sampler } = await openGanFolder(folder)
    writeFileSync(join(folder, 'sheet.png'), encodeSheet((await sampler.sample(100, Key.fromSeed(o.seed).fork('sheet'))).x))
    await sampler.dispose()
  }
  const seconds = (performance.now() - start) / 1000
  show.say(
    'trained',
    { folder, updates: result.updates, resumed: result.resumed, seconds: Math.round(seconds) },
    `${result.updates} updates, ${duration(seconds)}; ${folder}`,
  )
  return EXIT.ok
}

export interface SampleCommandOptions {
  readonly count: number
  readonly seed: number
  readonly label?: number
  readonly threshold?: number
  readonly psi?: number
  readonly out: string
}

/** Writes samples: `.npz` in the data's range, or a `.png` sheet. */
export async function ganSample(folder: string, o: SampleCommandOptions): Promise<number> {
  const { openGanFolder, encodeSamples, encodeSheet, Key } = await learning(load)
  if (!/\.(npz|png)$/.test(o.out)) throw new UsageError(`samples are written to .npz (x and y) or .png (a sheet), not ${o.out}`)
  const { run, sampler } = await openGanFolder(folder)
  if (o.label !== undefined && run.classes === undefined) throw new UsageError(`${folder} was trained without classes: leave --label out`)
  const { x, labels } = await sampler.sample(o.count, Key.fromSeed(o.seed), {
    ...(o.label === undefined ? {} : { labels: new Array<number>(o.count).fill(o.label) }),
    ...(o.threshold === undefined ? {} : { threshold: o.threshold }),
    ...(o.psi === undefined ? {} : { psi: o.psi }),
  })
  const bytes = o.out.endsWith('.png') ? encodeSheet(x) : encodeSamples(x, labels, run.range)
  mkdirSync(dirname(resolve(o.out)), { recursive: true })
  writeFileSync(o.out, bytes)
  await sampler.dispose()
  progress().say('sampled', { file: resolve(o.out), count: o.count }, `${o.count} samples; ${o.out}`)
  return EXIT.ok
}

export interface EvaluateOptions extends DataOptions {
  readonly train?: string
  readonly count: number
  readonly seed: number
}

/** Measures a trained GAN against samples that it has not seen, in the features of a classifier trained for that. */
export async function ganEvaluate(folder: string, path: string | undefined, o: EvaluateOptions): Promise<number> {
  const library = await learning(load)
  const { openGanFolder, scaledSet, trainJudge, measure, rowsOf, Key } = library
  if ((path === undefined) !== (o.train === undefined))
    throw new UsageError('give both held-out samples and --train with those it was trained on, or neither for the drawn digits')
  const { run, sampler, engine } = await openGanFolder(folder)
  const key = Key.fromSeed(o.seed)
  const [training, heldOut] = [dataOf(library, o.train, o, false), dataOf(library, path, o, true)].map(d => scaledSet(d, run)) as [
    ReturnType<typeof scaledSet>,
    ReturnType<typeof scaledSet>,
  ]
  const judge = await trainJudge(training, key.fork('judge'), engine)
  const made = await sampler.sample(o.count, key.fork('samples'))
  const measures = await measure(judge, { x: rowsOf(made.x), labels: made.labels }, { training: training.x, heldOut: heldOut.x })
  await sampler.dispose()
  const rows = Object.entries(measures).flatMap(([k, v]) =>
    v === null ? [] : [[k, typeof v === 'number' ? `${Number(v.toPrecision(4))}` : v]],
  )
  progress().say('measured', { folder: resolve(folder), samples: o.count, ...measures }, table(rows))
  return EXIT.ok
}
