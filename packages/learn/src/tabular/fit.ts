/** From a table to a model: columns typed, rows split, settings tuned, members trained, the whole judged on rows that it has not seen. */
import { compile, type Key, type NDArray, type Tensor } from '@dioramic/tensor'
import { inChunks } from './chunks.ts'
import { coded, featuresOf, fitCode, OUTPUTS, rawRows, type TableCode } from './code.ts'
import { type Column, type ColumnChoice, takeColumn, typedColumns } from './columns.ts'
import { TabularError } from './error.ts'
import { type Importance, importanceOf, type Judged, lossAt, type Metric, metricsOf } from './metrics.ts'
import { momentsOf, type ScalingKind } from './scaling.ts'
import { drawnSettings, modelOf, type Settings } from './settings.ts'
import { givenSplit, randomSplit, SHARES, type Shares, type Split } from './split.ts'
import { leaks } from './suspicions.ts'
import { columnOf, type RawTable, takeTableRows } from './table.ts'
import { type Task, targetOf } from './target.ts'
import { type Engine, type EpochReport, type Outputs, predictor, type Rows, type TrainedRows, trainRows } from './train.ts'

export interface FitTableOptions extends ColumnChoice {
  readonly target: string
  readonly task?: Task
  /** A column that says train, validation or test; without it rows are drawn in `shares`. */
  readonly split?: string
  readonly shares?: Shares
  readonly scaling?: ScalingKind
  /** From the number of training rows. */
  readonly settings: (rows: number) => Settings
  /** Models of an ensemble, each from other first weights; predictions (probabilities) are averaged. Default 1. */
  readonly members?: number
  /** Settings tried beside the given ones, the best on validation rows kept. Default 0. */
  readonly trials?: number
  /** Whether trials may take another embedding. */
  readonly tuneEmbedding?: boolean
}

export type FitEvent =
  | { readonly type: 'warning'; readonly text: string }
  | {
      readonly type: 'plan'
      readonly rows: Readonly<Record<keyof Split, number>>
      readonly numbers: number
      readonly categories: number
      readonly task: Task
    }
  /** After an epoch; `left` is the least time to the end of this model's training in seconds, if nothing improves any more. */
  | {
      readonly type: 'epoch'
      readonly what: string
      readonly model: number
      readonly models: number
      readonly report: EpochReport
      readonly patience: number
      readonly left: number
    }
  | { readonly type: 'trial'; readonly number: number; readonly settings: Settings; readonly validation: number }

export interface Trial {
  readonly settings: Settings
  /** Validation loss. */
  readonly validation: number
}

/** A trained ensemble with all that a file of it needs. */
export interface TabularModel {
  readonly code: TableCode
  readonly target:
    | { readonly kind: 'regression'; readonly name: string; readonly mean: number; readonly deviation: number }
    | { readonly kind: 'classes'; readonly name: string; readonly classes: readonly string[] }
  readonly members: readonly TrainedRows[]
}

export interface TabularFit {
  readonly model: TabularModel
  readonly source: string
  readonly rows: Readonly<Record<keyof Split, number>>
  readonly settings: Settings
  readonly trials: readonly Trial[]
  readonly warnings: readonly string[]
  readonly metrics: readonly Metric[]
  /** The same metrics of the best guess that looks at no column. */
  readonly baseline: readonly Metric[]
  readonly importance: readonly Importance[]
  readonly judged: Judged
  readonly seconds: number
}

/** Fits a model to a table. @throws TabularError for a table that cannot be learnt from */
export async function fitTable(
  table: RawTable,
  o: FitTableOptions,
  engine: Engine & { readonly key: Key; readonly onEvent?: (e: FitEvent) => void },
): Promise<TabularFit> {
  const started = performance.now()
  const { key, onEvent = () => {} } = engine
  const { members = 1, trials: tries = 0, scaling = 'quantile' } = o
  const found = targetOf(table, o.target, o.task)
  const { target } = found
  const used = found.rows.length === table.rows ? table : takeTableRows(table, found.rows)
  const split = o.split ? givenSplit(columnOf(used, o.split), o.split) : randomSplit(target, o.shares ?? SHARES, key.fork('split'))
  const typed = typedColumns(used, [o.target, ...(o.split ? [o.split] : [])], o)
  const trained = varying(typed.columns, split)
  const taken = trained.columns.find(c => OUTPUTS.includes(c.name))
  if (taken)
    throw new TabularError(
      `a column is called "${taken.name}", as an output of the model's file is; rename it, or leave it out: --ignore ${taken.name}`,
    )
  const warnings = [
    ...found.warnings,
    ...typed.warnings,
    ...trained.warnings,
    ...leaks(trained.columns, target, split),
    ...coarse(trained.columns),
  ]
  for (const text of warnings) onEvent({ type: 'warning', text })

  const of = (rows: Uint32Array) => trained.columns.map(c => takeColumn(c, rows))
  const code = fitCode(of(split.train), scaling, key.fork('scaling'))
  const outputs: Outputs = target.kind === 'regression' ? { kind: 'regression' } : { kind: 'classes', classes: target.classes.length }
  const { mean, deviation } =
    target.kind === 'regression' ? momentsOf(Float64Array.from(split.train, i => target.y[i]!)) : { mean: 0, deviation: 1 }
  if (target.kind === 'regression' && deviation === 0)
    throw new TabularError(`the target "${o.target}" is ${mean} in every training row: there is nothing to learn`)
  const raw = {
    train: rawRows(of(split.train), code),
    validation: rawRows(of(split.validation), code),
    test: rawRows(of(split.test), code),
  }
  const encode = encoder(code, engine)
  const part = async (name: keyof Split): Promise<Rows> => ({
    ...(await encode(raw[name].x)),
    y: Float64Array.from(split[name], i => (target.y[i]! - mean) / deviation),
  })
  const data = { train: await part('train'), validation: await part('validation') }
  const rows = { train: split.train.length, validation: split.validation.length, test: split.test.length }
  onEvent({
    type: 'plan',
    rows,
    numbers: code.numbers.length,
    categories: code.categories.length,
    task: target.kind === 'regression' ? 'regression' : 'classification',
  })

  const train = (settings: Settings, k: Key, what: string, model: number, models: number): Promise<TrainedRows> => {
    let [bestEpoch, best] = [0, Infinity]
    const { patience, epochs } = settings.training
    return trainRows(modelOf(settings.model, featuresOf(code), data.train, outputs), outputs, data, settings.training, {
      ...engine,
      key: k,
      onEpoch: report => {
        if (report.best < best) [bestEpoch, best] = [report.epoch, report.best]
        const least = Math.min(epochs, bestEpoch + patience) - report.epoch
        onEvent({ type: 'epoch', what, model, models, report, patience, left: (report.seconds / report.epoch) * least })
        return true
      },
    })
  }

  const given = o.settings(rows.train)
  const list: Trial[] = []
  let best: { settings: Settings; trained: TrainedRows } | undefined
  for (let t = 0; tries > 0 && t <= tries; t++) {
    const settings = t === 0 ? given : drawnSettings(given, key.fork('trials').fork(t), { embedding: o.tuneEmbedding ?? true })
    const trained = await train(settings, key.fork('members').fork(0), `trial ${t}`, t, tries + 1)
    list.push({ settings, validation: trained.best })
    onEvent({ type: 'trial', number: t, settings, validation: trained.best })
    if (!best || trained.best < best.trained.best) best = { settings, trained }
  }
  const settings = best?.settings ?? given
  const ensemble: TrainedRows[] = []
  for (let m = 0; m < members; m++)
    ensemble.push(m === 0 && best ? best.trained : await train(settings, key.fork('members').fork(m), `model ${m + 1}`, m, members))

  const model: TabularModel = {
    code,
    target:
      target.kind === 'regression'
        ? { kind: 'regression', name: o.target, mean, deviation }
        : { kind: 'classes', name: o.target, classes: target.classes },
    members: ensemble,
  }
  const predict = memberAverage(model, outputs, engine)
  const truth = Float64Array.from(split.test, i => target.y[i]!)
  const judged: Judged = { outputs, predictions: await predict(await encode(raw.test.x), mean, deviation), y: truth }
  const plain: Judged = { outputs, y: truth, predictions: guess(data.train.y, outputs, truth.length, mean) }
  const importance = await importanceOf(
    [...code.numbers, ...code.categories].map(c => c.name),
    raw.test,
    truth,
    outputs,
    lossAt(plain) || 1,
    async x => predict(await encode(x), mean, deviation),
    key.fork('importance'),
  )
  return {
    model,
    source: table.source,
    rows,
    settings,
    trials: list,
    warnings,
    metrics: metricsOf(judged, key.fork('bootstrap')),
    baseline: metricsOf(plain, key.fork('bootstrap')),
    importance,
    judged,
    seconds: (performance.now() - started) / 1000,
  }
}

/** Columns that vary among training rows too: categories, and numbers that are there and that float32 tells apart. */
function varying(
  columns: readonly Column[],
  { train }: Split,
): { readonly columns: readonly Column[]; readonly warnings: readonly string[] } {
  const varies = (c: Column): boolean => {
    const values =
      c.kind === 'category'
        ? Array.from(train, i => c.values[i])
        : Array.from(train, i => Math.fround(c.values[i]!)).filter(v => !Number.isNaN(v))
    return new Set<string | number | undefined>(values).size > 1
  }
  return {
    columns: columns.filter(varies),
    warnings: columns.filter(c => !varies(c)).map(c => `"${c.name}" is the same in every training row that has it: left out`),
  }
}

/** Numbers that float32, which models take, cannot tell apart. */
const coarse = (columns: readonly Column[]): string[] =>
  columns.flatMap(c => {
    if (c.kind !== 'number') return []
    const [fine, kept] = [new Set(c.values).size, new Set(Float32Array.from(c.values)).size]
    return kept < 0.9 * fine
      ? [
          `"${c.name}" has ${fine} values of which float32, which the model takes, tells ${kept} apart: take off a constant (or write times as days since a start)`,
        ]
      : []
  })

/** Raw rows through the first part of the graph, in pieces of one size. */
function encoder(code: TableCode, { runtime }: Engine) {
  const f = compile<[NDArray], NDArray>((x: Tensor) => coded(x, code), runtime)
  const wide = code.numbers.length + code.categories.length
  const { numbers, categories } = featuresOf(code)
  const width = numbers + categories.length
  return async (x: Float32Array): Promise<{ readonly x: Float32Array; readonly width: number }> => ({
    x: Float32Array.from(await inChunks(x, { width: wide, wide: width }, f)),
    width,
  })
}

/** The mean of the members' predictions, numbers in their own unit. */
function memberAverage({ members }: TabularModel, outputs: Outputs, { runtime }: Engine) {
  const each = members.map(m => ({ m, run: predictor(m.model, outputs, runtime) }))
  return async (rows: Pick<Rows, 'x' | 'width'>, mean: number, deviation: number): Promise<Float64Array> => {
    let sum: Float64Array | undefined
    for (const { m, run } of each) {
      const p = await run(m.params, m.state, rows)
      sum = sum ? sum.map((v, i) => v + p[i]!) : p
    }
    return sum!.map(v => (v / members.length) * deviation + mean)
  }
}

/** The mean of the training rows, or the shares of their classes, for every row. */
function guess(y: Float64Array, outputs: Outputs, rows: number, mean: number): Float64Array {
  if (outputs.kind === 'regression') return new Float64Array(rows).fill(mean)
  const shares = Float64Array.from({ length: outputs.classes }, (_, k) => y.reduce((n, v) => n + Number(v === k), 0) / y.length)
  return Float64Array.from({ length: rows * shares.length }, (_, i) => shares[i % shares.length]!)
}
