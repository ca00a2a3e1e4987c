/** A whole search: trials on the narrow model, the worse ones stopped, the best one's settings on the wide one. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { Key, nn } from '@dioramic/tensor'
import { drawnOf, gridOf, MupError, rungs, survivors, type Trial, type TuneReport } from '../../mup/index.ts'
import { loadTuning } from './module.ts'
import { recordOf, type TrialJob, type TrialRecord } from './trial.ts'
import { runJobs } from './workers.ts'

export type TuneEvent =
  | { readonly type: 'plan'; readonly trials: number; readonly rungs: readonly number[]; readonly proxy: number; readonly target: number }
  | {
      readonly type: 'trial'
      readonly trial: number
      readonly after: number
      readonly score: number | null
      readonly done: number
      readonly total: number
    }
  | { readonly type: 'best'; readonly trial: number; readonly score: number; readonly settings: Readonly<Record<string, number>> }
  | { readonly type: 'target'; readonly score: number | null }

export interface TuneOptions {
  readonly module: string
  /** Everything is kept here; the same command goes on with what is there. */
  readonly out: string
  /** So many draws; by default all combinations of the lists. */
  readonly trials?: number
  readonly workers: number
  readonly seed: number
  readonly onEvent?: (e: TuneEvent) => void
}

/** Runs a search, or the rest of one. The report does not depend on the number of workers. @throws MupError where the folder is of another search, or every trial diverged */
export async function tune({ module, out, trials, workers, seed, onEvent = () => {} }: TuneOptions): Promise<TuneReport> {
  const path = resolve(module)
  const tuning = await loadTuning(path)
  const settings = trials === undefined ? gridOf(tuning.space) : drawnOf(tuning.space, trials, Key.fromSeed(seed).fork('settings'))
  const stops = rungs(tuning.updates, tuning.halvings ?? 2)
  claim(out, { code: createHash('sha256').update(readFileSync(path)).digest('hex'), seed, settings })
  onEvent({ type: 'plan', trials: settings.length, rungs: stops, proxy: tuning.proxy, target: tuning.target })

  const found: TrialRecord[][] = settings.map(() => [])
  let alive = settings.map((_, i) => i)
  for (const [rung, until] of stops.entries()) {
    const job = (trial: number): TrialJob => {
      const folder = join(out, 'trials', `${trial}`)
      mkdirSync(folder, { recursive: true })
      return { folder, width: tuning.proxy, settings: settings[trial]!, until, updates: tuning.updates, seed }
    }
    let done = 0
    const note = (trial: number, record: TrialRecord) => {
      found[trial]![rung] = record
      onEvent({ type: 'trial', trial, after: until, score: record.score, done: ++done, total: alive.length })
    }
    const left = alive.filter(trial => {
      const known = recordOf(job(trial))
      if (known) note(trial, known)
      return !known
    })
    await runJobs(path, left.map(job), workers, (j, record) => note(Number(basename(j.folder)), record))
    const scoreOf = (t: number) => found[t]![rung]!.score
    if (alive.every(t => scoreOf(t) === null))
      throw new MupError(`every trial diverged within ${until} updates: the space holds no setting that trains; try lower rates`)
    if (rung < stops.length - 1) alive = survivors(alive, scoreOf)
  }
  const last = stops.length - 1
  const final = (t: number) => found[t]![last]!.score ?? Infinity
  const best = alive.reduce((a, b) => (final(b) < final(a) ? b : a))
  onEvent({ type: 'best', trial: best, score: final(best), settings: settings[best]! })

  const updates = tuning.targetUpdates ?? tuning.updates
  const target: TrialJob = { folder: join(out, 'target'), width: tuning.target, settings: settings[best]!, until: updates, updates, seed }
  mkdirSync(target.folder, { recursive: true })
  let wide = recordOf(target)
  if (!wide)
    await runJobs(path, [target], 1, (_, record) => {
      wide = record
    })
  onEvent({ type: 'target', score: wide!.score })

  const parameters = (width: number) => nn.countParameters(tuning.model(width, settings[best]!))
  const spent = found.reduce((s, r) => s + stops[r.length - 1]!, 0) / (settings.length * tuning.updates)
  const all = settings.map(
    (s, number): Trial => ({ number, settings: s, scores: found[number]!.map(r => r.score), curve: found[number]!.at(-1)!.curve }),
  )
  return {
    module: basename(path),
    seed,
    proxy: { width: tuning.proxy, parameters: parameters(tuning.proxy), updates: stops },
    trials: all,
    best,
    target: {
      width: tuning.target,
      parameters: parameters(tuning.target),
      updates,
      score: wide!.score,
      curve: wide!.curve,
      file: join(target.folder, 'run.safetensors'),
    },
    cost: (spent * parameters(tuning.proxy)) / parameters(tuning.target),
  }
}

/** Makes the folder this search's. @throws MupError where it is another's */
function claim(out: string, plan: { readonly code: string; readonly seed: number; readonly settings: object }): void {
  const file = join(out, 'search.json')
  const text = `${JSON.stringify(plan)}\n`
  mkdirSync(out, { recursive: true })
  if (!existsSync(file)) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text)
    throw new MupError(`${out} holds a search of another module, seed or number of trials: give another folder, or delete it`)
}
