import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Backbone } from '@dioramic/learn/embeddings'
import pc from 'picocolors'
import { EXIT, UsageError } from '../fail.ts'
import { learning } from '../learning.ts'
import { onTerminal, progress } from '../progress.ts'
import { table as columns, duration } from '../units.ts'
import { writeWhole } from '../whole-file.ts'

export interface TabularFitOptions {
  readonly target: string
  readonly out?: string
  readonly task?: 'regression' | 'classification'
  readonly embedding: string
  readonly backbone: Backbone['kind']
  readonly pleVersion: 'A' | 'B'
  readonly numbers: readonly string[]
  readonly categories: readonly string[]
  readonly ignore: readonly string[]
  readonly scaling: 'quantile' | 'standard' | 'none'
  readonly split?: string
  readonly shares?: readonly [validation: number, test: number]
  readonly seeds: number
  readonly tune: number
  readonly seed: number
  readonly epochs: number
  readonly patience: number
  readonly lr?: number
  readonly batch?: number
  readonly threads: number
}

const load = async () => ({
  ...(await import('@dioramic/learn/tabular')),
  ...(await import('@dioramic/learn/node')),
  ...(await import('@dioramic/tensor/node')),
  Key: (await import('@dioramic/tensor')).Key,
})

/** Fits a model to a table: `model.onnx`, `report.html` and `report.json`. */
export async function tabularFit(path: string, o: TabularFitOptions): Promise<number> {
  const { createArena, defaultSettings, fitTable, Key, loadTable, nodeRuntime, onnxOf, reportOf, reportPage, saveOnnx } =
    await learning(load)
  const out = resolve(o.out ?? join('out', 'tabular', basename(path).replace(/\.\w+(\.gz)?$/, '')))
  requireFree(out)
  const data = await loadTable(path)
  const show = progress()
  const fit = await fitTable(
    data,
    {
      target: o.target,
      numbers: o.numbers,
      categories: o.categories,
      ignore: o.ignore,
      scaling: o.scaling,
      members: o.seeds,
      trials: o.tune,
      ...(o.task ? { task: o.task } : {}),
      ...(o.split === undefined ? {} : { split: o.split }),
      ...(o.shares ? { shares: { validation: o.shares[0], test: o.shares[1] } } : {}),
      settings: rows => {
        const { model, training } = defaultSettings(rows, o.embedding, o.backbone)
        return {
          model: { ...model, embeddingOptions: { ...model.embeddingOptions, version: o.pleVersion } },
          training: {
            ...training,
            epochs: o.epochs,
            patience: o.patience,
            ...(o.lr === undefined ? {} : { lr: o.lr }),
            ...(o.batch === undefined ? {} : { batch: o.batch }),
          },
        }
      },
    },
    {
      runtime: nodeRuntime({ threads: o.threads }),
      arena: createArena,
      key: Key.fromSeed(o.seed),
      onEvent: e => {
        if (e.type === 'warning') show.say('warning', { text: e.text }, `${pc.yellow('!')} ${e.text}`)
        else if (e.type === 'plan')
          show.say(
            'plan',
            { ...e },
            `${pc.bold(o.target)}  ${e.task}: ${e.rows.train} rows to train, ${e.rows.validation} to stop by, ${e.rows.test} to test; ${e.numbers} numbers, ${e.categories} categories`,
          )
        else if (e.type === 'trial')
          show.say(
            'trial',
            { number: e.number, validation: e.validation, settings: e.settings },
            `${pc.green('✔')} trial ${e.number}: validation loss ${e.validation.toFixed(4)}, ${e.settings.model.embedding}, rate ${e.settings.training.lr.toPrecision(2)}`,
          )
        else {
          const { epoch, validation, best } = e.report
          const last = epoch + (e.left > 0 ? Math.round((e.left / e.report.seconds) * epoch) : 0)
          const rest = e.models - e.model - 1
          show.step(
            `epochs, ${e.what} of ${e.models}, validation loss ${validation.toFixed(4)} (best ${best.toFixed(4)}), while nothing improves`,
            epoch,
            last,
            e.left + rest * (e.report.seconds + e.left),
          )
        }
      },
    },
  )
  show.done()
  await writeFolder(out, async folder => {
    await saveOnnx(join(folder, 'model.onnx'), onnxOf(fit.model))
    writeFileSync(join(folder, 'report.json'), `${JSON.stringify(reportOf(fit), null, 2)}\n`)
    writeFileSync(join(folder, 'report.html'), reportPage(fit))
  })
  const text = (m: (typeof fit.metrics)[number]) => `${m.value.toPrecision(4)} [${m.interval.map(v => v.toPrecision(4)).join(', ')}]`
  if (onTerminal())
    process.stderr.write(`${columns(fit.metrics.map((m, i) => [m.name, text(m), `guess ${fit.baseline[i]!.value.toPrecision(4)}`]))}\n`)
  show.say(
    'fitted',
    {
      metrics: Object.fromEntries(fit.metrics.map(m => [m.name, { value: m.value, interval: m.interval }])),
      model: join(out, 'model.onnx'),
      report: join(out, 'report.html'),
      seconds: Math.round(fit.seconds),
    },
    `${duration(fit.seconds)}; ${join(out, 'model.onnx')}, ${join(out, 'report.html')}`,
  )
  return EXIT.ok
}

/** Predicts rows: a CSV beside or at `--out`, or on stdout with `-`. */
export async function tabularPredict(model: string, path: string, o: { readonly out?: string }): Promise<number> {
  const { Key, loadTable, metricsOf, predictTable } = await learning(load)
  const data = await loadTable(path)
  const found = await predictTable(model, data)
  const { classes } = found.file
  const head = ['prediction', ...(classes?.map(c => `p(${c})`) ?? [])]
  const rows = found.values.map((v, i) => [v, ...(classes?.map((_, k) => found.probabilities![i * classes.length + k]!.toFixed(6)) ?? [])])
  const text = `${[head, ...rows].map(r => r.map(field).join(',')).join('\n')}\n`
  const out = resolve(o.out ?? `${path.replace(/\.\w+(\.gz)?$/, '')}.predictions.csv`)
  const piped = o.out === '-'
  if (piped) process.stdout.write(text)
  else writeWhole(out, text)
  const metrics = found.judged ? metricsOf(found.judged, Key.fromSeed(0)) : []
  if (piped) for (const w of found.warnings) process.stderr.write(`warning: ${w}\n`)
  else {
    const show = progress()
    for (const w of found.warnings) show.say('warning', { text: w }, `${pc.yellow('!')} ${w}`)
    show.say(
      'predicted',
      { rows: data.rows, file: out, ...(metrics.length > 0 ? { metrics: Object.fromEntries(metrics.map(m => [m.name, m.value])) } : {}) },
      `${data.rows} rows${metrics.map(m => `, ${m.name} ${m.value.toPrecision(4)}`).join('')}; ${out}`,
    )
  }
  return EXIT.ok
}

const field = (v: string | number): string => {
  const text = String(v)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A folder that may be written: new, empty, or an earlier fit. */
function requireFree(out: string): void {
  if (existsSync(out) && readdirSync(out).length > 0 && !existsSync(join(out, 'model.onnx')))
    throw new UsageError(`${out} is there and holds something else than a model; give --out a new or empty folder`)
}

/** Fills a folder that is there whole or not at all. */
async function writeFolder(out: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const part = `${out}.part`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part, { recursive: true })
  try {
    await fill(part)
    rmSync(out, { recursive: true, force: true })
    renameSync(part, out)
  } catch (e) {
    rmSync(part, { recursive: true, force: true })
    throw e
  }
}
