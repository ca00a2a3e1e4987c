import { basename, join, resolve } from 'node:path'
import { EXIT, UsageError } from '../fail.ts'
import { learning } from '../learning.ts'
import { progress } from '../progress.ts'
import { duration } from '../units.ts'
import { writeWhole } from '../whole-file.ts'

export interface DiagnoseOptions {
  readonly data: string
  readonly train?: string
  readonly initial?: string
  readonly prior?: string
  readonly layer?: string
  readonly target?: string
  readonly scale: number
  readonly shape?: readonly number[]
  readonly picture?: readonly [width: number, height: number]
  readonly seed: number
  readonly out?: string
}

const load = async () => ({
  ...(await import('@dioramic/learn/theory')),
  ...(await import('@dioramic/learn/node')),
  ...(await import('@dioramic/tensor/node')),
  Key: (await import('@dioramic/tensor')).Key,
})

/** Writes a report on a classifier: `report.html` and `report.json`. */
export async function diagnoseCommand(path: string, o: DiagnoseOptions): Promise<number> {
  const { diagnose, diagnosisPage, Key, loadClassifier, loadParameters, loadRows, nodeRuntime } = await learning(load)
  const start = performance.now()
  const elapsed = () => (performance.now() - start) / 1000
  const runtime = nodeRuntime({ threads: 1 })
  const rows = { scale: o.scale, ...(o.target === undefined ? {} : { target: o.target }) }
  const data = loadRows(o.data, rows)
  const train = o.train === undefined ? undefined : loadRows(o.train, rows)
  const loading = {
    numbers: data.x[0]!.length,
    runtime,
    ...(o.layer === undefined ? {} : { layer: o.layer }),
    ...(o.shape ? { shape: o.shape } : {}),
  }
  const { model, reason } = await loadClassifier(path, loading)
  if (o.prior !== undefined && !train)
    throw new UsageError('--prior is for a bound from training samples that the prior has not seen: say which, --train FILE')
  const others = {
    ...(o.initial === undefined ? {} : { initial: await loadParameters(o.initial, model, loading) }),
    ...(o.prior === undefined ? {} : { prior: await loadParameters(o.prior, model, loading) }),
  }
  const side = o.picture ?? pictureOf(model.shape)
  const show = progress()
  const diagnosis = await diagnose(
    {
      name: basename(path),
      model,
      data,
      runtime,
      key: Key.fromSeed(o.seed),
      ...(reason === undefined ? {} : { reason }),
      ...(train ? { train } : {}),
      ...others,
      ...(side ? { picture: [side[1], side[0]] as const } : {}),
    },
    (what, done, total) => show.step(what, done, total, done === 0 ? 0 : (elapsed() / done) * (total - done)),
  )
  const out = resolve(o.out ?? join('out', 'diagnose', basename(path).replace(/\.\w+$/, '')))
  writeWhole(join(out, 'report.json'), `${JSON.stringify(diagnosis, (key, v) => (key === 'svg' ? undefined : v), 2)}\n`)
  writeWhole(join(out, 'report.html'), diagnosisPage(diagnosis))
  const fact = (name: string) => diagnosis.chapters.flatMap(c => c.facts).find(f => f.name === name)?.value
  const error = fact('error')!
  const ece = fact('expected calibration error')!
  show.say(
    'diagnosed',
    {
      model: basename(path),
      samples: diagnosis.samples,
      differentiable: diagnosis.differentiable,
      ...(reason ? { reason } : {}),
      error,
      ece,
      report: join(out, 'report.html'),
      seconds: Math.round(elapsed()),
    },
    `${basename(path)}: error ${(100 * error).toFixed(1)} % on ${diagnosis.samples} samples, calibration error ${(100 * ece).toFixed(1)} %${reason ? '; it can only be run, see the report' : ''}, ${duration(elapsed())}; ${join(out, 'report.html')}`,
  )
  return EXIT.ok
}

/** Width and height of samples that are grey pictures by their shape: [h, w] or [1, h, w]. */
function pictureOf(shape: readonly number[]): readonly [number, number] | undefined {
  const [h, w] = shape.length === 3 && shape[0] === 1 ? shape.slice(1) : shape.length === 2 ? shape : []
  return h !== undefined && w !== undefined && h > 1 && w > 1 ? [w, h] : undefined
}
