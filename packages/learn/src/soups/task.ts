/** What a soup is for, where it can be run here: a classifier and held-out samples. */
import { batches, compile, type NDArray, numbersOf, type Runtime, type Tensor, type Tree } from '@dioramic/tensor'
import type { Logits } from './analysis/logits.ts'
import { SoupError } from './error.ts'

/** Logits [n, classes] of samples x [n, …] as a function of the weights. */
export type Classify = (weights: Tree<Tensor>, x: Tensor) => Tensor

export interface Task {
  /** Weights are those of a checkpoint, by name; floats come as f32, integers as i64. */
  readonly logits: Classify
  /** Held-out samples [n, …] and their labels, i64 [n]. */
  readonly x: NDArray
  readonly y: NDArray
  /** Rows run at a time. Default 256. */
  readonly batch?: number
  /** What is done to a soup before it is judged and written, such as `recalibrateBatchNorm`. */
  readonly finish?: (weights: Readonly<Record<string, NDArray>>) => Promise<Readonly<Record<string, NDArray>>>
}

/** @throws SoupError that says what a task lacks */
export function checkTask(task: Task, where: string): void {
  const wrong = (what: string): never => {
    throw new SoupError(`${where}: ${what}; a task is { logits(weights, x), x: f32 [n, …], y: i64 [n] }`)
  }
  if (typeof task.logits !== 'function') wrong('logits is no function')
  for (const name of ['x', 'y'] as const) if (!Array.isArray(task[name]?.shape)) wrong(`${name} is no array`)
  if (task.y.dtype !== 'i64' || task.y.shape.length !== 1 || task.y.shape[0] !== task.x.shape[0] || task.y.data.length === 0)
    wrong(`y is ${task.y.dtype} [${task.y.shape}], x is ${task.x.dtype} [${task.x.shape}]`)
}

/** Runs a classifier on samples; compiled once, whatever the weights. */
export function predictor(logits: Classify, x: NDArray, runtime: Runtime, batch = 256): (weights: Tree<NDArray>) => Promise<Logits> {
  const n = x.shape[0]!
  const parts = batches({ x }, { size: Math.min(batch, n) })
  const run = compile<[Tree<NDArray>, NDArray], NDArray>((w: Tree<Tensor>, part: Tensor) => logits(w, part), runtime)
  return async weights => {
    let out = new Float64Array(0)
    let classes = 0
    for (let i = 0; i < parts.perEpoch; i++) {
      const result = await run(weights, (await parts.at(0, i)).x)
      if (i === 0) {
        classes = result.shape[1] ?? 0
        if (result.shape.length !== 2) throw new SoupError(`logits of a batch are [rows, classes], these are [${result.shape}]`)
        out = new Float64Array(n * classes)
      }
      const at = i * Math.min(batch, n) * classes
      out.set(numbersOf(result).subarray(0, out.length - at), at)
    }
    return out
  }
}
