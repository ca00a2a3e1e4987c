/** Where a run's logs and states go on Node: files and the terminal. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { CheckpointError } from '../checkpoint/error.ts'
import type { Json } from '../checkpoint/record.ts'
import type { NDArray } from '../graph/array.ts'
import type { Tree } from '../graph/tree.ts'
import { csvOf, jsonLine, type Log, type LogEntry, progressLine } from '../train/log.ts'
import type { Checkpoint, RunRecord } from '../train/loop.ts'
import { lossPlot, type PlotOptions } from '../train/plot.ts'
import { eventFileName, eventHeader, scalarEvent } from '../train/tensorboard.ts'
import { loadArraysFile, loadStateFile, saveStateFile } from './files-checkpoint.ts'

/** The lines of a file that were logged up to a step; none if there is no file. */
function kept<T>(path: string, step: number, parse: (line: string) => T & { readonly step: number }): T[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap(line => {
      try {
        const entry = parse(line)
        return entry.step <= step ? [entry] : []
      } catch {
        // The last line of a killed process may be cut.
        return []
      }
    })
}

const folderOf = (path: string): void => void mkdirSync(dirname(path), { recursive: true })

/** One JSON object a line. A run that goes on drops the lines of what was lost. */
export function jsonLinesLog(path: string): Log {
  return {
    begin: step => {
      folderOf(path)
      const lines = step === 0 ? [] : kept(path, step, line => ({ line, ...(JSON.parse(line) as { step: number }) }))
      writeFileSync(path, lines.map(l => `${l.line}\n`).join(''))
    },
    write: entry => appendFileSync(path, `${jsonLine(entry)}\n`),
  }
}

/** A log that writes its whole file anew from all entries; it keeps them beside it in `<path>.jsonl`, so a run that goes on has the earlier ones too. */
function wholeFile(path: string, text: (entries: readonly LogEntry[]) => string): Log {
  const memory = `${path}.jsonl`
  let entries: LogEntry[] = []
  return {
    begin: step => {
      folderOf(path)
      entries = step === 0 ? [] : kept(memory, step, line => JSON.parse(line) as LogEntry)
      writeFileSync(memory, entries.map(e => `${JSON.stringify(e)}\n`).join(''))
    },
    write: entry => {
      entries.push(entry)
      appendFileSync(memory, `${JSON.stringify(entry)}\n`)
      writeFileSync(path, text(entries))
    },
  }
}

/** A CSV file, one row an entry. */
export const csvLog = (path: string): Log => wholeFile(path, csvOf)

/** The curves of training and validation loss, as SVG. */
export const plotLog = (path: string, options?: PlotOptions): Log => wholeFile(path, entries => lossPlot(entries, options))

/** A TensorBoard event file in a folder; a run that goes on begins another. */
export function tensorBoardLog(folder: string): Log {
  let path: string | undefined
  const now = () => Date.now() / 1000
  return {
    begin: () => {
      mkdirSync(folder, { recursive: true })
      path = join(folder, eventFileName(now(), `${process.pid}.dioramic`))
      writeFileSync(path, eventHeader(now()))
    },
    write: ({ step, values, kind }) => {
      if (!path) throw new Error('tensorBoardLog: write before begin')
      const tags = Object.fromEntries(Object.entries(values).map(([k, v]) => [k.includes('/') ? k : `${kind}/${k}`, v]))
      appendFileSync(path, scalarEvent(step, now(), tags))
    },
  }
}

/** Progress with the time left: one line that is written over on a terminal, JSON lines elsewhere. */
export function terminalLog(to: NodeJS.WriteStream = process.stderr): Log {
  let open = false
  return {
    write: entry => {
      if (!to.isTTY) {
        to.write(`${jsonLine(entry)}\n`)
        return
      }
      const line = progressLine(entry).slice(0, Math.max(20, (to.columns ?? 80) - 1))
      if (entry.kind === 'train') to.write(`\r\x1b[2K${line}`)
      else to.write(`\r\x1b[2K${line}\n`)
      open = entry.kind === 'train'
    },
    end: () => {
      if (open) to.write('\n')
    },
  }
}

const require = createRequire(import.meta.url)
const versionOf = (path: string): string => (require(path) as { version: string }).version

export interface CheckpointFileOptions {
  /** The runtime's threads: another number continues, but not bit by bit the same, and `onDifference` is told. Default 1. */
  readonly threads?: number
  readonly onDifference?: (message: string) => void
  /** Facts in which a run must agree with the one that it goes on from, such as the base shapes of a parametrisation: kept in the file, held against it when it is read. */
  readonly facts?: Json
}

/** Keeps a run in a safetensors file that is there whole or not at all. Reading throws CheckpointError where arrays or facts are not those of this run. */
export function checkpointFile(
  path: string,
  { threads = 1, onDifference = m => console.warn(m), facts = null }: CheckpointFileOptions = {},
): Checkpoint {
  const origin = () => ({ library: versionOf('../../package.json'), onnxruntime: versionOf('onnxruntime-node/package.json'), threads })
  return {
    save: async ({ arrays, record }) => {
      folderOf(path)
      await saveStateFile(path, { arrays, record: { ...record, facts } as unknown as Json, origin: origin() })
    },
    load: async expected => {
      if (!existsSync(path)) return undefined
      const state = await loadStateFile<unknown>(path, expected, { origin: origin() })
      for (const d of state.differences) onDifference(`${path}: ${d}`)
      const { facts: then = null, ...record } = state.record as unknown as RunRecord & { facts?: Json }
      const other = difference(then, facts)
      if (other)
        throw new CheckpointError(`${path} is of another run: ${other}. Go on with what it was made with, or begin anew in another file.`)
      return { arrays: state.arrays as Tree<NDArray>, record }
    },
  }
}

/** Where two values differ first, in words. */
function difference(then: Json, now: Json, at = 'its facts'): string | undefined {
  if (then === null || now === null || typeof then !== 'object' || typeof now !== 'object' || Array.isArray(then) !== Array.isArray(now))
    return then === now
      ? undefined
      : `${at} ${at === 'its facts' ? 'were' : 'was'} ${JSON.stringify(then)} and would be ${JSON.stringify(now)}`
  const [a, b] = [then, now] as unknown as Record<string, Json>[]
  for (const k of new Set([...Object.keys(a!), ...Object.keys(b!)])) {
    const found = difference(a![k] ?? null, b![k] ?? null, at === 'its facts' ? k : `${at}/${k}`)
    if (found) return found
  }
  return undefined
}

/** One part of a saved run, `params`, `ema` or `state`, of the shapes of `like`: for a model in use. @throws CheckpointError where it does not fit */
export const loadPart = async (path: string, part: 'params' | 'ema' | 'state', like: Tree<NDArray>): Promise<Tree<NDArray>> =>
  (await loadArraysFile<unknown>(path, like, part)) as Tree<NDArray>
