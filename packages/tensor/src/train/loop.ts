/** The loop around the step: reads batches, logs, evaluates, saves, stops, and goes on exactly where it was killed. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import type { Tree } from '../graph/tree.ts'
import type { Batches } from '../loaders/batches.ts'
import type { Log, LogEntry } from './log.ts'
import { Meter, type MeterState } from './meter.ts'
import type { StepResult, Training, TrainRecord } from './step.ts'
import { type StopOptions, Stopper, type StopState } from './stop.ts'

/** What the loop drives: a `Training`, or something that is trained by steps like one (two nets that play against each other). */
export interface Trainable {
  /** Batches of one update. */
  readonly accumulate: number
  step(batch: Tree<NDArray>): Promise<StepResult>
  /** With `record` all that a run is. */
  arrays(): Tree<NDArray>
  record(): TrainRecord
  /** Puts a run's arrays and record in place of this one's, or throws and changes nothing. */
  restore(arrays: Tree<NDArray>, record: TrainRecord): void
}

/** All of a run beside its arrays, as plain data. */
export type RunRecord = {
  readonly training: TrainRecord
  readonly epoch: number
  readonly index: number
  readonly perEpoch: number
  readonly meter: MeterState
  readonly stop: StopState
  readonly seconds: number
}

/** A whole run, saved. */
export interface Saved {
  readonly arrays: Tree<NDArray>
  readonly record: RunRecord
}

/** Keeps a run: a file (`checkpointFile` of `tensor/node`), or anything else. */
export interface Checkpoint {
  /** Must be there whole or not at all. */
  save(run: Saved): Promise<void>
  /** The last one saved, read for arrays of the given shapes; undefined if there is none. */
  load(expected: Tree<NDArray>): Promise<Saved | undefined>
}

export interface FitOptions<T extends Trainable = Training> {
  /** Each batch is a tree of arrays: what the loss gets as tensors. */
  readonly batches: Batches<object>
  /** How long: so many passes over the batches, or so many updates in all. Give one of them. */
  readonly epochs?: number
  readonly updates?: number
  /** Logs the means over so many updates. Default 10. */
  readonly logEvery?: number
  readonly logs?: readonly Log[]
  /** Called after so many updates (`every`, by default each epoch) and at the end; its numbers are logged as `validation/…`. */
  readonly evaluate?: { readonly every?: number; readonly run: (training: T) => Promise<Readonly<Record<string, number>>> }
  /** Saves after so many batches (`every`; in the middle of an accumulation too) and at the end; when the loop starts it goes on from what is saved. */
  readonly checkpoint?: { readonly every: number; readonly to: Checkpoint }
  /** Ends when a number no longer gets better. */
  readonly stop?: StopOptions
  /** Called when the number that `stop` watches is the best so far. */
  readonly onBest?: (training: T, value: number) => void | Promise<void>
  /** Ends the loop after the batch in hand; it is saved. */
  readonly signal?: AbortSignal
  /** Seconds now, from any start; only for rates and time left. */
  readonly clock?: () => number
}

export interface FitResult {
  readonly updates: number
  readonly reason: 'done' | 'stopped' | 'aborted'
  /** All that was logged since this loop started. */
  readonly history: readonly LogEntry[]
  /** The number that `stop` watched at its best. */
  readonly best: number | undefined
  /** Whether it went on from a checkpoint. */
  readonly resumed: boolean
}

/** Trains until the end, an early stop or an abort. Call it again with the same arguments after a crash: with a checkpoint the run's bits are those of a run that was never killed. */
export async function fit<T extends Trainable>(training: T, options: FitOptions<T>): Promise<FitResult> {
  const {
    batches,
    epochs,
    updates,
    logEvery = 10,
    logs = [],
    evaluate,
    checkpoint,
    signal,
    clock = () => performance.now() / 1000,
  } = options
  if ((epochs === undefined) === (updates === undefined)) throw new TensorError('fit: give epochs or updates, one of them')
  if (checkpoint && !(Number.isInteger(checkpoint.every) && checkpoint.every >= 1))
    throw new TensorError(`fit: a checkpoint is saved every so many batches, from 1, not ${checkpoint.every}`)
  const { perEpoch } = batches
  const stopper = new Stopper(options.stop)
  const meter = new Meter()
  const history: LogEntry[] = []
  let [epoch, index, before] = [0, 0, 0]

  const saved = await checkpoint?.to.load(training.arrays())
  if (saved) {
    const { record } = saved
    if (record.perEpoch !== perEpoch)
      throw new TensorError(
        `fit: the saved run read ${record.perEpoch} batches an epoch, this one reads ${perEpoch}: the data or the size of batches changed`,
      )
    training.restore(saved.arrays, record.training)
    meter.restore(record.meter)
    stopper.restore(record.stop)
    epoch = record.epoch
    index = record.index
    before = record.seconds
  }
  const started = clock()
  const first = training.record().updates
  const total = updates ?? Math.floor((epochs! * perEpoch) / training.accumulate)
  for (const log of logs) await log.begin?.(first)

  const seconds = () => before + clock() - started
  const write = async (kind: LogEntry['kind'], values: Readonly<Record<string, number>>): Promise<void> => {
    const done = training.record().updates
    const left = done > first ? ((clock() - started) / (done - first)) * Math.max(0, total - done) : undefined
    const entry: LogEntry = {
      kind,
      step: done,
      epoch: epoch + index / perEpoch,
      values,
      total,
      seconds: seconds(),
      ...(left === undefined ? {} : { secondsLeft: left }),
    }
    history.push(entry)
    for (const log of logs) await log.write(entry)
  }
  const save = async (): Promise<void> => {
    const record = { training: training.record(), epoch, index, perEpoch, meter: meter.state(), stop: stopper.state(), seconds: seconds() }
    await checkpoint?.to.save({ arrays: training.arrays(), record })
  }
  const judge = async (values: Readonly<Record<string, number>>): Promise<void> => {
    const better = stopper.see(values)
    if (better !== undefined) await options.onBest?.(training, better)
  }
  const runEvaluation = async (): Promise<void> => {
    const found = await evaluate!.run(training)
    const values = Object.fromEntries(Object.entries(found).map(([k, v]) => [`validation/${k}`, v]))
    await write('evaluation', values)
    await judge(values)
  }
  const over = () => training.record().updates >= total || (epochs !== undefined && epoch >= epochs)

  let sinceSave = 0
  let evaluatedAt = -1
  let reason: FitResult['reason'] = 'done'
  while (!over()) {
    if (stopper.stopped) {
      reason = 'stopped'
      break
    }
    if (signal?.aborted) {
      reason = 'aborted'
      break
    }
    const result = await training.step((await batches.at(epoch, index)) as Tree<NDArray>)
    if (++index === perEpoch) {
      index = 0
      epoch++
    }
    if (result.skipped) await write('skipped', { loss: result.loss })
    else meter.add({ loss: result.loss, ...result.metrics }, result.updated ? { gradientNorm: result.gradientNorm!, lr: result.lr! } : {})
    if (result.updated && result.updates % logEvery === 0) {
      const values = meter.take()
      await write('train', values)
      if (!evaluate) await judge(values)
    }
    const due = evaluate && (evaluate.every === undefined ? index === 0 : result.updated && result.updates % evaluate.every === 0)
    if (due) {
      await runEvaluation()
      evaluatedAt = result.updates
    }
    if (checkpoint && ++sinceSave === checkpoint.every) {
      sinceSave = 0
      await save()
    }
  }
  const done = training.record().updates
  if (reason !== 'aborted' && !meter.empty) await write('train', meter.take())
  if (evaluate && reason !== 'aborted' && evaluatedAt !== done && done > first) await runEvaluation()
  if (checkpoint && sinceSave > 0) await save()
  for (const log of logs) await log.end?.()
  return { updates: done, reason, history, best: stopper.best, resumed: saved !== undefined }
}
