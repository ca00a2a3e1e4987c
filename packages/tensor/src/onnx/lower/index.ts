/** A graph as an ONNX model: every operator's form for onnxruntime, by name. */
import { TensorError } from '../../error.ts'
import type { NDArray } from '../../graph/array.ts'
import { type DType, typeName } from '../../graph/dtype.ts'
import type { Node, Tensor } from '../../graph/tensor.ts'
import { type ModelProto, valueInfo } from '../proto/index.ts'
import { conv } from './conv.ts'
import { elementwise } from './elementwise.ts'
import { Emitter } from './emitter.ts'
import { gather } from './gather.ts'
import type { Lowering } from './lowering.ts'
import { matmul } from './matmul.ts'
import { normalize } from './normalize.ts'
import { reduce } from './reduce.ts'
import { shape } from './shape.ts'

export const LOWERINGS: Readonly<Record<string, Lowering>> = {
  ...elementwise,
  ...shape,
  ...reduce,
  ...matmul,
  ...gather,
  ...conv,
  ...normalize,
}

/** The ONNX operator set that the lowerings are written for, and the IR version that goes with it. */
export const OPSET = 21
export const IR_VERSION = 10

/** Nodes that only rename their inputs: output i is input `renames(node) + i`. */
export function renames(node: Node): number | undefined {
  if (node.op.name === 'alias' || node.op.name === 'stopGradient') return 0
  return node.op.name === 'customGradient' ? (node.attrs as { inputs: number }).inputs : undefined
}

/** What a model computes: `nodes` in topological order from `inputs` to `outputs`; constants may be anywhere below. */
export interface Piece {
  readonly inputs: readonly Tensor[]
  readonly nodes: readonly Node[]
  readonly outputs: readonly Tensor[]
}

/** How a piece is written: into which emitter, with which forms, and what its inputs and outputs are called. */
export interface Style {
  readonly emitter: Emitter
  readonly lowerings: Readonly<Record<string, Lowering>>
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Told what the next nodes are written for. */
  readonly onNode?: (node: Node) => void
}

/**
 * Writes a piece of a graph as ONNX nodes and initialisers.
 * @throws TensorError where an operator has no form in ONNX
 */
export function emitPiece({ inputs, nodes, outputs }: Piece, { emitter: e, lowerings, onNode, ...names }: Style): void {
  for (const [i, t] of inputs.entries()) e.bind(t, names.inputs[i]!)
  const wanted = new Map<Tensor, string>()
  outputs.forEach((t, i) => {
    if (!wanted.has(t)) wanted.set(t, names.outputs[i]!)
  })
  const taken = new Set<string>()
  const use = (t: Tensor): string => {
    if (!e.has(t) && t.node.op.name === 'constant') {
      const { value } = t.node.attrs as { value: NDArray }
      e.bind(t, e.constant(value.dtype as DType, value.shape, value.data as Float32Array))
    }
    return e.of(t)
  }
  for (const node of nodes) {
    const { name } = node.op
    if (name === 'constant') continue
    onNode?.(node)
    const from = renames(node)
    if (from !== undefined) {
      for (const [i, t] of node.outputs.entries()) e.bind(t, use(node.inputs[from + i]!))
      continue
    }
    const lowering = lowerings[name]
    if (!lowering) throw new TensorError(`the operator "${name}(${node.inputs.map(t => typeName(t.type)).join(', ')})" has no form in ONNX`)
    const x = node.inputs.map(use)
    const y = node.outputs.map(t => {
      const output = wanted.get(t)
      if (output !== undefined) taken.add(output)
      return output ?? e.fresh()
    })
    lowering(e, node as never, x, y)
    for (const [i, t] of node.outputs.entries()) e.bind(t, y[i]!)
  }
  // An output that is an input, a constant or another output under a second name.
  outputs.forEach((t, i) => {
    if (taken.has(names.outputs[i]!)) return
    onNode?.(t.node)
    e.emit('Identity', [use(t)], {}, names.outputs[i]!)
  })
}

/**
 * The model of a piece of a graph. Inputs are named x0, x1, …, outputs y0, y1, … in their order.
 * @throws TensorError where an operator has no form in ONNX
 */
export function lower(piece: Piece): ModelProto {
  const e = new Emitter()
  const inputs = piece.inputs.map((t, i) => valueInfo(`x${i}`, t.dtype, t.shape))
  const outputs = piece.outputs.map((t, i) => valueInfo(`y${i}`, t.dtype, t.shape))
  emitPiece(piece, { emitter: e, lowerings: LOWERINGS, inputs: inputs.map(v => v.name), outputs: outputs.map(v => v.name) })
  return {
    irVersion: IR_VERSION,
    opsets: [
      { domain: '', version: OPSET },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: { name: 'piece', nodes: e.nodes, initializers: e.initializers, inputs, outputs },
  }
}
