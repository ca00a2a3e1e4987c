/** Σᵢ aᵢᵀ·gᵢ, which is what the derivative to a weight that a loop's steps share comes to, as one product over all rows. */

import { sameShape } from '../graph/shape.ts'
import { apply, atPlace, type Node, type Op, type Tensor } from '../graph/tensor.ts'
import type { Graph } from '../graph/trace.ts'
import { addOp } from '../ops/elementwise.ts'
import { matmulOp } from '../ops/matmul.ts'
import { concatOp, reshapeOp } from '../ops/shape.ts'
import { liveNodes } from './liveness.ts'

/** An addition of two tensors of its own shape. */
const plainAdd = ({ op, inputs, outputs }: Node): boolean => op.name === 'add' && inputs.every(t => sameShape(t.shape, outputs[0]!.shape))

/** aᵀ·g of two matrices whose rows are fewer than what is written for them: copying the rows together is cheaper than adding products up. */
function shortProduct({ node }: Tensor): boolean {
  if (node.op.name !== 'matmul') return false
  const { transA, transB } = node.attrs as { transA: boolean; transB: boolean }
  const [rows, m] = node.inputs[0]!.shape as [number, number]
  const n = node.inputs[1]!.shape.at(-1)!
  return transA && !transB && node.outputs[0]!.rank === 2 && rows * (m + n) <= m * n
}

/** The graph with such sums made one product each; the graph itself if there is none. */
export function mergeProducts(graph: Graph): Graph {
  const { nodes } = liveNodes(graph)
  const users = new Map<Tensor, Node[]>()
  for (const node of nodes) {
    for (const t of node.inputs) {
      const list = users.get(t)
      if (list) list.push(node)
      else users.set(t, [node])
    }
  }
  const final = new Set(graph.outputs)
  const alone = (t: Tensor): boolean => !final.has(t) && users.get(t)!.length === 1
  const inside = (t: Tensor): boolean => plainAdd(t.node) && alone(t) && plainAdd(users.get(t)![0]!)
  const now = new Map<Tensor, Tensor>()
  const of = (t: Tensor): Tensor => now.get(t) ?? t
  for (const node of nodes) {
    if (plainAdd(node) && !inside(node.outputs[0]!)) {
      const terms = termsOf(node, inside)
      const products = terms.filter(t => shortProduct(t) && alone(t)).sort((a, b) => a.node.inputs[0]!.node.id - b.node.inputs[0]!.node.id)
      if (products.length > 1) {
        const rest = terms.filter(t => !products.includes(t))
        now.set(
          node.outputs[0]!,
          atPlace(node.place, () => sumOf(products, rest.map(of), of)),
        )
        continue
      }
    }
    if (!node.inputs.some(t => now.has(t))) continue
    const outputs = atPlace(node.place, () => apply(node.op as Op, node.inputs.map(of), node.attrs))
    for (const [i, t] of node.outputs.entries()) now.set(t, outputs[i]!)
  }
  return now.size === 0 ? graph : { inputs: graph.inputs, outputs: graph.outputs.map(of) }
}

/** What a sum's additions add up, in their order. */
function termsOf(sum: Node, inside: (t: Tensor) => boolean): Tensor[] {
  const terms: Tensor[] = []
  const open: Tensor[] = [...sum.inputs].reverse()
  for (let t = open.pop(); t; t = open.pop()) {
    if (inside(t)) open.push(...[...t.node.inputs].reverse())
    else terms.push(t)
  }
  return terms
}

function sumOf(products: readonly Tensor[], rest: readonly Tensor[], of: (t: Tensor) => Tensor): Tensor {
  const whole = (side: number): Tensor => {
    const parts = products.map(p => of(p.node.inputs[side]!))
    const n = parts[0]!.shape[1]!
    const rows = parts.reduce((r, t) => r + t.shape[0]!, 0)
    // Parts of one height are stacked, which is what the loop does with what it returns: then it is done once.
    if (!parts.every(t => t.shape[0] === parts[0]!.shape[0])) return apply(concatOp, parts, { axis: 0 })[0]!
    const layers = parts.map(t => apply(reshapeOp, [t], { shape: [1, ...t.shape] })[0]!)
    return apply(reshapeOp, [apply(concatOp, layers, { axis: 0 })[0]!], { shape: [rows, n] })[0]!
  }
  const product = apply(matmulOp, [whole(0), whole(1)], { transA: true, transB: false })[0]!
  return [product, ...rest].reduce((a, b) => apply(addOp, [a, b], {})[0]!)
}
