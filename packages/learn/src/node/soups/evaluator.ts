/** How candidates are scored: by a command, or by a module. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { decodePiece, type NDArray, numbersOf, type Runtime, storedBytes, streamSafetensors } from '@dioramic/tensor'
import { writeFileAtomic } from '@dioramic/tensor/node'
import { accuracyOf, type Logits, lossOf } from '../../soups/analysis/logits.ts'
import { SoupError } from '../../soups/error.ts'
import type { AlignedArray } from '../../soups/merge/align.ts'
import type { Checkpoint } from '../../soups/merge/checkpoint.ts'
import { mergeStreams } from '../../soups/merge/merge.ts'
import { isFloat } from '../../soups/merge/round.ts'
import type { Mix } from '../../soups/mix.ts'
import { checkTask, predictor, type Task } from '../../soups/task.ts'
import { importBeside } from '../modules.ts'
import { commandIdentity, type Score, scoreByCommand, scoreOf } from './command.ts'

/** Scores arrays by name: what a module's default export may be, beside a `Task`. */
export type ScoreWeights = (weights: Readonly<Record<string, NDArray>>) => number | object | Promise<number | object>

/** Checkpoints that are open and fit. */
export interface Kitchen {
  readonly checkpoints: readonly Checkpoint[]
  readonly arrays: readonly AlignedArray[]
}

export interface Evaluator {
  /** What decides its scores, for the cache. */
  readonly identity: string
  score(kitchen: Kitchen, mix: Mix): Promise<Score>
  /** Of a module that exports one. */
  readonly task?: { readonly task: Task; logits(weights: Readonly<Record<string, NDArray>>): Promise<Logits>; readonly runtime: Runtime }
  /** Deletes what is left of the last candidate. */
  close(): void
}

/** Whether text is the path of a module, and not a command. */
const isModule = (text: string): boolean => /^\S+\.[cm]?[jt]s$/.test(text) && existsSync(text)

/** @param candidate where candidates are written for a command */
export async function openEvaluator(text: string, candidate: string, runtime: () => Promise<Runtime>): Promise<Evaluator> {
  if (!isModule(text)) return commandEvaluator(text, candidate)
  const file = resolve(text)
  const loaded = (await importBeside(file).catch((e: Error) => {
    throw new SoupError(e.message)
  })) as { readonly default?: Task | ScoreWeights }
  const identity = `${file} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`
  const given = loaded.default
  if (typeof given === 'function')
    return {
      identity,
      close: () => {},
      score: async (kitchen, mix) =>
        scoreOf(await given(await mixedArrays(kitchen, mix)), problem => {
          throw new SoupError(`${file} gave a score ${problem}; give a number (higher is better), { score } or { loss }`)
        }),
    }
  if (typeof given !== 'object' || given === null)
    throw new SoupError(
      `${file} exports no evaluation; end it with: export default async weights => score, or with a task: export default { logits, x, y }`,
    )
  checkTask(given, file)
  const engine = await runtime()
  const logits = predictor(given.logits, given.x, engine, given.batch)
  const labels = numbersOf(given.y)
  return {
    identity,
    close: () => {},
    task: { task: given, logits, runtime: engine },
    score: async (kitchen, mix) => {
      const z = await logits(await finished(given, await mixedArrays(kitchen, mix), mix))
      const [score, loss] = [accuracyOf(z, labels), lossOf(z, labels)]
      return { score, values: { accuracy: score, loss } }
    },
  }
}

/** A soup of several as the task wants it; a lone ingredient is judged as it was trained. */
export const finished = async (task: Task, weights: Readonly<Record<string, NDArray>>, mix: Mix) =>
  task.finish && mix.members.length > 1 ? task.finish(weights) : weights

function commandEvaluator(command: string, candidate: string): Evaluator {
  return {
    identity: commandIdentity(command),
    close: () => rmSync(candidate, { force: true }),
    score: async ({ checkpoints, arrays }, mix) => {
      const own = mix.members.length === 1 ? checkpoints[mix.members[0]!]!.name : ''
      if (own.endsWith('.safetensors')) return scoreByCommand(command, resolve(own))
      await writeFileAtomic(candidate, sink => streamSafetensors(sink, mergeStreams(checkpoints, arrays, mix), new Map([['format', 'pt']])))
      return scoreByCommand(command, candidate)
    },
  }
}

/** The arrays of a mix in memory, each rounded to its type in the files; floats come as f32, integers as i64. */
export async function mixedArrays({ checkpoints, arrays }: Kitchen, mix: Mix): Promise<Record<string, NDArray>> {
  const out: Record<string, NDArray> = {}
  const shapes = new Map(arrays.map(a => [a.name, a]))
  for (const stream of mergeStreams(checkpoints, arrays, mix)) {
    const { name, dtype, shape } = stream
    const size = shapes.get(name)!.size
    const kind = dtype === 'bool' ? 'bool' : isFloat(dtype) ? 'f32' : 'i64'
    const data = { f32: Float32Array, i64: BigInt64Array, bool: Uint8Array }[kind]
    const into = new data(size) as NDArray['data']
    let at = 0
    for await (const piece of stream.pieces()) {
      decodePiece(piece as Uint8Array<ArrayBuffer>, dtype, into, at, name)
      at += piece.length / storedBytes(dtype)
    }
    out[name] = { dtype: kind, shape, data: into }
  }
  return out
}
