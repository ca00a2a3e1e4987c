/**
 * The interpreter: what a graph means, in plain TypeScript, in single or double precision. It is the oracle of the other runtimes and works where none of them does;
 * it is not fast.
 */

import type { HostCall } from '../control/host-call.ts'
import type { ScanAttrs } from '../control/scan.ts'
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import { sizeOf } from '../graph/shape.ts'
import type { Node, Tensor } from '../graph/tensor.ts'
import type { Graph } from '../graph/trace.ts'
import { reachable } from '../graph/visit.ts'
import { KERNELS } from './kernels/index.ts'
import { arrayOf, type Precision, room, toValue, type Value } from './values.ts'

export interface InterpretOptions {
  readonly precision?: Precision
  /** Called after each node with its values: a replay looks here for the first that is not finite. */
  readonly onNode?: (node: Node, outputs: readonly Value[]) => void
}

/** Evaluates a graph. Results of type f32 come as `f64` arrays at double precision. */
export function interpret(graph: Graph, inputs: readonly NDArray[], options: InterpretOptions = {}): NDArray[] {
  const precision = options.precision ?? 'f64'
  return evaluate(
    graph,
    inputs.map(a => toValue(a, precision)),
    precision,
    options.onNode,
  ).map(arrayOf)
}

function evaluate(graph: Graph, inputs: readonly Value[], precision: Precision, onNode: InterpretOptions['onNode']): Value[] {
  const values = new Map<Tensor, Value>()
  graph.inputs.forEach((t, i) => {
    const v = inputs[i]
    if (v === undefined || sizeOf(v.shape) !== t.size || v.dtype !== t.dtype) {
      throw new TensorError(
        `interpret: input ${i} must be ${t.dtype}[${t.shape.join(',')}], got ${v ? `${v.dtype}[${v.shape.join(',')}]` : 'nothing'}`,
      )
    }
    values.set(t, v)
  })
  const nodes = reachable(graph.outputs)
  const uses = new Map<Tensor, number>()
  for (const t of [...nodes.flatMap(n => n.inputs), ...graph.outputs]) uses.set(t, (uses.get(t) ?? 0) + 1)
  const take = (t: Tensor): Value => {
    const v = values.get(t)
    if (!v) throw new TensorError(`interpret: ${t.node.op.name} has no value (an input of another trace?)`)
    const left = uses.get(t)! - 1
    uses.set(t, left)
    if (left === 0) values.delete(t)
    return v
  }
  for (const node of nodes) {
    if (node.op.name === 'input') continue
    const args = node.inputs.map(take)
    const outputs = step(node, args, precision, onNode)
    onNode?.(node, outputs)
    node.outputs.forEach((t, i) => {
      if (uses.has(t)) values.set(t, outputs[i]!)
    })
  }
  return graph.outputs.map(t => values.get(t)!)
}

function step(node: Node, args: readonly Value[], precision: Precision, onNode: InterpretOptions['onNode']): readonly Value[] {
  if (node.op.name === 'scan') return scan(node, args, precision, onNode)
  if (node.op.name === 'hostCall') {
    const { call } = node.attrs as HostCall
    return call(...args.map(v => single(arrayOf(v)))).map(a => toValue(a, precision))
  }
  const kernel = KERNELS[node.op.name]
  if (!kernel) throw new TensorError(`the interpreter has no kernel for "${node.op.name}"`)
  return kernel({ inputs: args, attrs: node.attrs as never, outputs: node.outputs.map(t => room(t.dtype, t.shape, precision)), precision })
}

/** A host function gets what the other runtimes would give it: f32. */
const single = (a: NDArray): NDArray =>
  a.dtype === 'f64' ? { dtype: 'f32', shape: a.shape, data: Float32Array.from(a.data as Float64Array) } : a

function scan(node: Node, args: readonly Value[], precision: Precision, onNode: InterpretOptions['onNode']): Value[] {
  const { body, carries, consts, length, reverse, stacks } = node.attrs as ScanAttrs
  let carry = args.slice(0, carries)
  const shared = args.slice(carries, carries + consts)
  const outputs = node.outputs.map(t => room(t.dtype, t.shape, precision))
  const ys = body.outputs.length - carries
  const put = (to: Value, v: Value, t: number) => to.data.set(v.data, t * v.data.length)
  for (let k = 0; k < length; k++) {
    const t = reverse ? length - 1 - k : k
    for (const [i, c] of stacks.entries()) put(outputs[carries + ys + i]!, carry[c]!, t)
    const xs = args.slice(carries + consts).map((v): Value => {
      const n = v.data.length / length
      return { dtype: v.dtype, shape: v.shape.slice(1), data: v.data.subarray(t * n, (t + 1) * n) }
    })
    const out = evaluate(body, [...carry, ...shared, ...xs], precision, onNode)
    carry = out.slice(0, carries)
    for (const [i, y] of out.slice(carries).entries()) put(outputs[carries + i]!, y, t)
  }
  return [...carry, ...outputs.slice(carries)]
}
