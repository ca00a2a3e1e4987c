/** What is inside a model: its graph is traced, and walked from the logits to the last linear layer and to the last feature maps. */
import {
  compile,
  f32,
  grad,
  mul,
  type NDArray,
  numbersOf,
  type Runtime,
  reachable,
  substitute,
  sum,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import { type Matrix, matrix } from '../algebra/matrix.ts'
import type { Inputs } from '../explanation/score.ts'
import { type Differentiable, rowsOf, stacked } from '../models/classifier.ts'

type Inner = ReturnType<typeof reachable>[number]

/** Nodes between the samples and the logits, the first first. */
function path(logits: Tensor, x: Tensor): Inner[] {
  const on = new Set<Inner>([x.node])
  return reachable([logits]).filter(node => {
    const depends = node.inputs.some(t => on.has(t.node))
    if (depends) on.add(node)
    return depends
  })
}

/** What a node does to the one input that depends on the samples, where it only adds, scales, turns or makes probabilities: the readout lies behind. */
const PASSES = new Set(['add', 'sub', 'mul', 'div', 'alias', 'cast', 'reshape', 'broadcastTo', 'softmax', 'logSoftmax', 'log', 'maximum'])

/** The features that the last linear layer takes [n, d] and its weights [d, classes], as tensors of the trace; undefined where the model does not end in one. */
function readoutOf(
  logits: Tensor,
  x: Tensor,
): { readonly features: Tensor; readonly weights: Tensor; readonly transposed: boolean } | undefined {
  const on = new Set(path(logits, x))
  on.add(x.node)
  let t = logits
  for (;;) {
    const { node } = t
    const live = node.inputs.filter(i => on.has(i.node))
    if (live.length !== 1) return undefined
    if (node.op.name === 'matmul') {
      const { transA, transB } = node.attrs as { readonly transA: boolean; readonly transB: boolean }
      const [features, weights] = node.inputs as [Tensor, Tensor]
      const plain = features === live[0] && !transA && features.rank === 2 && weights.rank === 2
      return plain ? { features, weights, transposed: transB } : undefined
    }
    if (!PASSES.has(node.op.name)) return undefined
    t = live[0]!
  }
}

/** The maps [n, channels, height, width] after the last convolution and what follows it place by place (bias, normalisation, activation); undefined where there is none. */
function mapsOf(logits: Tensor, x: Tensor): Tensor | undefined {
  const nodes = path(logits, x)
  const last = nodes.findLast(n => n.op.name === 'conv' && n.outputs[0]!.rank === 4)
  if (!last) return undefined
  let maps = last.outputs[0]!
  const size = maps.shape.join()
  for (;;) {
    const users = nodes.filter(n => n.inputs.includes(maps))
    const next = users.length === 1 ? users[0]!.outputs[0]! : undefined
    if (next?.shape.join() !== size) return maps
    maps = next
  }
}

export interface Readout {
  /** What the last linear layer takes, [samples, d]. */
  readonly features: Matrix
  /** Its weights, [classes, d]. */
  readonly weights: Matrix
}

const asMatrix = (rows: readonly Float64Array[]): Matrix =>
  matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flatMap(r => [...r])))

/** Features and weights of the last linear layer on some samples; undefined where the model does not end in one. */
export async function readout(
  graph: Differentiable,
  shape: readonly number[],
  inputs: Inputs,
  runtime: Runtime,
): Promise<Readout | undefined> {
  let found: ReturnType<typeof readoutOf>
  const run = compile<[Tree<NDArray>, NDArray], Tree<NDArray>>((p: Tree<Tensor>, x: Tensor) => {
    const logits = graph.apply(p, x)
    found = readoutOf(logits, x)
    return found ? { features: found.features, weights: found.weights } : { logits }
  }, runtime)
  const out = (await run(graph.params, stacked(inputs, shape))) as { features?: NDArray; weights?: NDArray }
  if (!found || !out.features || !out.weights) return undefined
  const [rows, columns] = out.weights.shape as [number, number]
  const w = numbersOf(out.weights)
  const classes = found.transposed ? rows : columns
  const d = (rows * columns) / classes
  const weights = found.transposed
    ? Float64Array.from(w)
    : Float64Array.from({ length: classes * d }, (_, i) => w[(i % d) * classes + Math.floor(i / d)]!)
  return { features: asMatrix(rowsOf(out.features)), weights: matrix(classes, d, weights) }
}

/** The last feature maps of a sample, and the gradient of a logit by them: what Grad-CAM is made of. */
export interface Maps {
  readonly size: readonly [channels: number, height: number, width: number]
  of(x: Float64Array, index: number): Promise<{ readonly maps: Float64Array; readonly gradients: Float64Array }>
}

/** The last feature maps of a convolutional model; undefined of another. */
export async function lastMaps(
  graph: Differentiable,
  shape: readonly number[],
  classes: number,
  runtime: Runtime,
): Promise<Maps | undefined> {
  let size: readonly number[] | undefined
  const run = compile<[Tree<NDArray>, NDArray, NDArray], Tree<NDArray>>((p: Tree<Tensor>, x: Tensor, which: Tensor) => {
    const logits = graph.apply(p, x)
    const maps = mapsOf(logits, x)
    size = maps?.shape.slice(1)
    if (!maps) return { logits }
    return { maps, gradients: grad((z: Tensor) => sum(mul(substitute([logits], new Map([[maps, z]]))[0]!, which)))(maps) }
  }, runtime)
  const at = async (x: Float64Array, index: number) =>
    (await run(graph.params, stacked([x], shape), f32(Array.from({ length: classes }, (_, k) => (k === index ? 1 : 0))))) as {
      maps: NDArray
      gradients: NDArray
    }
  await at(new Float64Array(shape.reduce((a, b) => a * b, 1)), 0)
  if (size?.length !== 3) return undefined
  return {
    size: size as unknown as Maps['size'],
    of: async (x, index) => {
      const { maps, gradients } = await at(x, index)
      return { maps: numbersOf(maps), gradients: numbersOf(gradients) }
    },
  }
}
