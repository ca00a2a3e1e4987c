/** One training run of a search, in its own folder: goes on where it was killed, and ends with a record. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fit, Key, type NDArray, NonFiniteError, type Tensor, type Tree, trainStep } from '@dioramic/tensor'
import { checkpointFile, createArena, jsonLinesLog, nodeRuntime } from '@dioramic/tensor/node'
import { baseFacts, type Curve, type Settings, type Tuning } from '../../mup/index.ts'

export interface TrialJob {
  readonly folder: string
  readonly width: number
  readonly settings: Settings
  /** Updates to be done in all when this job ends, and of the whole run, which the schedule is made for. */
  readonly until: number
  readonly updates: number
  readonly seed: number
}

export interface TrialRecord {
  /** Null where it diverged. */
  readonly score: number | null
  readonly curve: Curve
}

const recordFile = (job: TrialJob): string => join(job.folder, `after-${job.until}.json`)

/** The record of a job that is done. */
export const recordOf = (job: TrialJob): TrialRecord | undefined =>
  existsSync(recordFile(job)) ? (JSON.parse(readFileSync(recordFile(job), 'utf8')) as TrialRecord) : undefined

/** Trains up to `until` updates; the score is the mean loss over the last fifth of them. */
export async function runTrial(tuning: Tuning, job: TrialJob): Promise<TrialRecord> {
  const known = recordOf(job)
  if (known) return known
  const { width, settings, until, updates } = job
  // All trials begin alike and see the same.
  const key = Key.fromSeed(job.seed)
  const model = tuning.model(width, settings)
  const loss = (p: Tree<Tensor>, s: Tree<Tensor>, b: { x: Tensor; y: Tensor }, k: Tensor) => {
    const [output, next] = model.apply(p, s, b.x, { key: k, train: true })
    return [tuning.loss(output, b.y), next] as const
  }
  const training = await trainStep(loss, tuning.rule(model, settings, updates), {
    runtime: nodeRuntime({ threads: 1 }),
    arena: createArena,
    ...(model.init(key.fork('init')) as { params: Tree<NDArray>; state: Tree<NDArray> }),
    key: key.fork('train'),
  })
  const log = join(job.folder, 'log.jsonl')
  let diverged = false
  try {
    await fit(training, {
      batches: tuning.batches(key.fork('data')),
      updates: until,
      logEvery: Math.max(1, Math.floor(updates / 50)),
      logs: [jsonLinesLog(log)],
      checkpoint: {
        every: Math.max(1, Math.ceil(updates / 10)),
        to: checkpointFile(join(job.folder, 'run.safetensors'), { facts: baseFacts(model) }),
      },
    })
  } catch (e) {
    if (!(e instanceof NonFiniteError)) throw e
    diverged = true
  } finally {
    await training.dispose()
  }
  const curve = curveOf(log)
  const tail = curve.filter(([update]) => update > 0.8 * until)
  const record = { score: diverged ? null : tail.reduce((s, [, l]) => s + l, 0) / tail.length, curve }
  writeFileSync(`${recordFile(job)}.part`, `${JSON.stringify(record)}\n`)
  renameSync(`${recordFile(job)}.part`, recordFile(job))
  return record
}

function curveOf(log: string): Curve {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as { kind: string; step: number; loss: number })
    .flatMap(e => (e.kind === 'train' ? [[e.step, e.loss] as const] : []))
}
