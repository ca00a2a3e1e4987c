/** Runs an experiment: every arm with every seed, each with its record; then the claims, the page, the evidence. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { Key } from '@dioramic/tensor'
import { type Claim, type Evidence, type Goal, judge } from '../evidence.ts'
import type { Experiment, Findings, Json, Part } from '../experiment.ts'
import { experiments } from '../experiments.ts'
import { page } from '../page.ts'
import { codeHash, type RunRecord, readRecord, recordPath, writeWhole } from './records.ts'

/** Wrong use of the lab: says what and what to do. */
export class LabError extends Error {
  override readonly name = 'LabError'
}

export type LabEvent =
  | { readonly type: 'plan'; readonly name: string; readonly runs: number; readonly kept: number; readonly seconds: number }
  /** A run begins; `eta` is the time left in seconds, all told. */
  | {
      readonly type: 'run'
      readonly part: string
      readonly arm: string
      readonly seed: number
      readonly done: number
      readonly total: number
      readonly eta: number
    }
  | { readonly type: 'claim'; readonly part: string; readonly claim: Claim }
  | { readonly type: 'done'; readonly page: string; readonly held: number; readonly judged: number; readonly seconds: number }

export interface RunOptions {
  /** Few seeds and small sizes, in at most 90 s; computed afresh. */
  readonly quick?: boolean
  /** Only these parts. */
  readonly parts?: readonly string[]
  /** Folder of records and page. */
  readonly out: string
  /** A file for the evidence. */
  readonly json?: string
  readonly command: string
  readonly onEvent?: (e: LabEvent) => void
}

const require = createRequire(import.meta.url)

function machine(): Evidence['machine'] {
  const onnxruntime = (require('onnxruntime-node/package.json') as { version: string }).version
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${platform()} ${release()}`,
    node: process.version,
    onnxruntime: `onnxruntime ${onnxruntime}`,
  }
}

function version(): string {
  const own = (require('../../package.json') as { version: string }).version
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    return `${own} (${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ', changed'})`
  } catch {
    return own
  }
}

const targetsFile = new URL('../../targets.json', import.meta.url)
const goalsOf = (name: string): Readonly<Record<string, Goal>> =>
  (JSON.parse(readFileSync(targetsFile, 'utf8')) as Record<string, Record<string, Goal>>)[name] ?? {}

/** Looks an experiment up. @throws LabError naming those there are */
export async function findExperiment(name: string): Promise<Experiment> {
  const load = experiments[name]
  if (!load) throw new LabError(`there is no experiment "${name}"; there are: ${Object.keys(experiments).join(', ')}`)
  return load()
}

/** Runs an experiment; returns its evidence, which is also written where `json` says. The page is `<out>/index.html`. */
export async function runExperiment(experiment: Experiment, options: RunOptions): Promise<Evidence> {
  const { name } = experiment
  const { quick = false, out, onEvent = () => {} } = options
  const parts = chosen(experiment, options.parts ?? [])
  const start = performance.now()
  const elapsed = () => (performance.now() - start) / 1000

  const jobs = parts.flatMap(part => {
    const config = part.config(quick)
    const code = codeHash(part.code ?? experiment.code)
    return part.arms.flatMap(arm =>
      Array.from({ length: config.seeds }, (_, seed) => {
        const head = { experiment: name, part: part.name, arm, seed, config: config as Json, code }
        return { part, head, path: recordPath(out, head), expected: part.seconds(config) }
      }),
    )
  })
  // The quick form is a check of this machine and this code: nothing of it is read from disk.
  const known = new Map<string, RunRecord>()
  if (!quick)
    for (const job of jobs) {
      const record = readRecord(job.path)
      if (record) known.set(job.path, record)
    }
  let left = jobs.reduce((s, j) => s + (known.has(j.path) ? 0 : j.expected), 0)
  onEvent({ type: 'plan', name, runs: jobs.length, kept: known.size, seconds: left })

  let spent = 0
  let planned = 0
  let done = 0
  for (const { part, head, path, expected } of jobs) {
    if (!known.has(path)) {
      const { arm, seed } = head
      const pace = planned > 0 ? spent / planned : 1
      onEvent({ type: 'run', part: part.name, arm, seed, done, total: jobs.length, eta: left * pace })
      const before = elapsed()
      const key = Key.fromSeed(seed).fork(name).fork(part.name)
      const result = plain(await part.run({ arm, seed, config: head.config as never, key }), `${part.name}, ${arm}, seed ${seed}`)
      const record: RunRecord = { ...head, seconds: Math.round((elapsed() - before) * 1000) / 1000, result }
      if (!quick) writeWhole(path, `${JSON.stringify(record)}\n`)
      known.set(path, record)
      spent += elapsed() - before
      planned += expected
      left -= expected
    }
    done++
  }

  const goals = goalsOf(name)
  const sections = parts.map(part => {
    const of = (arm: string) => jobs.filter(j => j.part === part && j.head.arm === arm).map(j => known.get(j.path)!.result)
    const findings: Findings = part.conclude(of as never, part.config(quick) as never)
    const claims = (findings.claims ?? []).map(m => judge(m, goals[m.claim], quick))
    for (const claim of claims) onEvent({ type: 'claim', part: part.name, claim })
    return { part, findings, claims }
  })
  const claims = sections.flatMap(s => s.claims)
  if (parts.length === experiment.parts.length) {
    const excused = sections.flatMap(s => s.findings.unmeasured ?? [])
    const silent = Object.keys(goals).filter(
      t => !(quick && goals[t]!.quick === null) && !excused.includes(t) && !claims.some(c => c.claim === t),
    )
    if (silent.length > 0) throw new LabError(`targets.json asks of ${name} what no part measures: ${silent.join('; ')}`)
  }
  const evidence: Evidence = {
    name,
    command: options.command,
    version: version(),
    machine: machine(),
    seeds: Math.max(...parts.map(p => p.config(quick).seeds)),
    quick,
    seconds: jobs.reduce((s, j) => s + known.get(j.path)!.seconds, 0),
    claims,
  }
  const at = join(out, 'index.html')
  writeWhole(at, page(experiment.title, experiment.about, evidence, sections))
  if (options.json) writeWhole(options.json, `${JSON.stringify(evidence, null, 2)}\n`)
  const judged = claims.filter(c => c.holds !== null)
  onEvent({ type: 'done', page: at, held: judged.filter(c => c.holds).length, judged: judged.length, seconds: elapsed() })
  return evidence
}

function chosen(experiment: Experiment, names: readonly string[]): readonly Part[] {
  for (const n of names)
    if (!experiment.parts.some(p => p.name === n))
      throw new LabError(`${experiment.name} has no part "${n}"; it has: ${experiment.parts.map(p => p.name).join(', ')}`)
  return names.length === 0 ? experiment.parts : experiment.parts.filter(p => names.includes(p.name))
}

/** A record as it will be read again. @throws LabError where JSON would lose a number */
function plain(result: Json, where: string): Json {
  const check = (v: Json, path: string): void => {
    if (typeof v === 'number' && !Number.isFinite(v))
      throw new LabError(`the record of ${where} holds ${v} at ${path}, which JSON cannot keep`)
    if (typeof v === 'object' && v !== null) for (const [k, x] of Object.entries(v)) check(x as Json, `${path}/${k}`)
  }
  check(result, '')
  return JSON.parse(JSON.stringify(result)) as Json
}
