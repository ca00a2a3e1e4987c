/** Classifiers as the laboratory sees them: what can be run, and what can also be differentiated. */
import {
  compile,
  crossEntropy,
  f32,
  grad,
  i64,
  log,
  maximum,
  mul,
  type NDArray,
  numbersOf,
  type Runtime,
  type Shape,
  sum,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import { TheoryError } from '../algebra/matrix.ts'
import type { Inputs, Score } from '../explanation/score.ts'

/** A model that maps a batch [n, …shape] to logits [n, classes], as a function of its parameters. */
export interface Differentiable {
  readonly params: Tree<NDArray>
  apply(params: Tree<Tensor>, x: Tensor): Tensor
}

export interface Classifier {
  /** Shape of one sample. */
  readonly shape: Shape
  readonly classes: number
  logits(inputs: Inputs): Promise<Float64Array[]>
  /** Absent where the model can only be run. */
  readonly graph?: Differentiable
}

export const sizeOfShape = (shape: Shape): number => shape.reduce((a, b) => a * b, 1)

/** Samples as an array [n, …shape]; the last is repeated up to `rows` of them. */
export function stacked(inputs: Inputs, shape: Shape, rows = inputs.length): NDArray {
  const d = sizeOfShape(shape)
  const data = new Float32Array(rows * d)
  for (let i = 0; i < rows; i++) {
    const x = inputs[Math.min(i, inputs.length - 1)]!
    if (x.length !== d) throw new TheoryError(`a sample has ${x.length} numbers, the model takes ${shape.join(' × ')} = ${d}`)
    data.set(x, i * d)
  }
  return f32(data, [rows, ...shape])
}

/** Rows of an array [n, …], as doubles. */
export function rowsOf(a: NDArray, count = a.shape[0]!): Float64Array[] {
  const all = numbersOf(a)
  const d = all.length / a.shape[0]!
  return Array.from({ length: count }, (_, i) => all.slice(i * d, (i + 1) * d))
}

/** Work in batches of one size, so that it is compiled once. */
async function inBatches<R>(inputs: Inputs, size: number, f: (part: Inputs) => Promise<readonly R[]>): Promise<R[]> {
  const out: R[] = []
  for (let i = 0; i < inputs.length; i += size) {
    const part = inputs.slice(i, i + size)
    out.push(...(await f(part)).slice(0, part.length))
  }
  return out
}

/** A classifier from a function that runs batches of exactly `batch` samples. */
export const runnable = (shape: Shape, classes: number, batch: number, run: (x: NDArray) => Promise<NDArray>): Classifier => ({
  shape,
  classes,
  logits: inputs => inBatches(inputs, batch, async part => rowsOf(await run(stacked(part, shape, batch)), part.length)),
})

/** A classifier that can be differentiated. */
export function differentiable(graph: Differentiable, shape: Shape, classes: number, runtime: Runtime, batch = 64): Classifier {
  const run = compile<[Tree<NDArray>, NDArray], NDArray>((p: Tree<Tensor>, x: Tensor) => graph.apply(p, x), runtime)
  return { ...runnable(shape, classes, batch, x => run(graph.params, x)), graph }
}

/**
 * The classifier by its logits, if what it gives are probabilities (on the given samples none is negative and all rows sum to 1); else as it is. Logits are what goes into a
 * softmax at the end of its graph; where that is not to be seen, the logarithms of the probabilities, whose softmax they are.
 */
export async function withLogits(model: Classifier, inputs: Inputs, runtime: Runtime): Promise<Classifier> {
  const rows = await model.logits(inputs)
  const probabilities = rows.every(r => r.every(v => v >= 0) && Math.abs(r.reduce((a, b) => a + b, 0) - 1) < 1e-3)
  if (!probabilities) return model
  const { graph } = model
  if (!graph) return { ...model, logits: async x => (await model.logits(x)).map(r => r.map(v => Math.log(Math.max(v, LEAST)))) }
  const apply = (p: Tree<Tensor>, x: Tensor) => {
    const y = graph.apply(p, x)
    return y.node.op.name === 'softmax' ? y.node.inputs[0]! : log(maximum(y, LEAST))
  }
  return differentiable({ ...graph, apply }, model.shape, model.classes, runtime)
}

/** The least probability that is taken for one: what f32 tells from 0 beside 1. */
const LEAST = 1e-7

/** The logit of one class as a score, with gradients if the classifier has them. */
export function classScore(model: Classifier, index: number, runtime: Runtime, batch = 64): Score {
  const dimensions = sizeOfShape(model.shape)
  const values = async (inputs: Inputs) => Float64Array.from(await model.logits(inputs), row => row[index]!)
  if (!model.graph) return { dimensions, values }
  const { params, apply } = model.graph
  const both = compile<[Tree<NDArray>, NDArray, NDArray], { logits: NDArray; gradient: NDArray }>(
    (p: Tree<Tensor>, x: Tensor, which: Tensor) => ({
      logits: apply(p, x),
      gradient: grad((z: Tensor) => sum(mul(apply(p, z), which)))(x),
    }),
    runtime,
  )
  const which = f32(Array.from({ length: model.classes }, (_, k) => (k === index ? 1 : 0)))
  return {
    dimensions,
    values,
    gradients: inputs =>
      inBatches(inputs, batch, async part => {
        const { logits, gradient } = await both(params, stacked(part, model.shape, batch), which)
        const g = rowsOf(gradient, part.length)
        return rowsOf(logits, part.length).map((row, i) => ({ value: row[index]!, gradient: g[i]! }))
      }),
  }
}

/** Mean cross-entropy of a differentiable model as a function of its parameters, on a batch. */
export const lossOf =
  (graph: Differentiable) =>
  (p: Tree<Tensor>, { x, y }: { readonly x: Tensor; readonly y: Tensor }): Tensor =>
    crossEntropy(graph.apply(p, x), y)

/** Samples and labels as the arrays of a batch. */
export const batchOf = (inputs: Inputs, labels: ArrayLike<number>, shape: Shape): { readonly x: NDArray; readonly y: NDArray } => ({
  x: stacked(inputs, shape),
  y: i64(Array.from(labels)),
})
