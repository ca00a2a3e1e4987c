/** Which parts of which loops a graph's outputs need: carries, slices and stacks that nobody reads are not computed. */
import type { ScanAttrs } from '../control/scan.ts'
import type { Node, Tensor } from '../graph/tensor.ts'
import type { Graph } from '../graph/trace.ts'
import { reachable } from '../graph/visit.ts'

/** What is kept of a scan: indices into its carries, consts, xs and ys, in order, and the carries whose stack is kept. */
export interface Kept {
  readonly carries: readonly number[]
  readonly consts: readonly number[]
  readonly xs: readonly number[]
  readonly ys: readonly number[]
  readonly stacks: readonly number[]
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

function keptOf(node: Node, live: ReadonlySet<Tensor>): Kept {
  const { body, carries, consts, stacks } = node.attrs as ScanAttrs
  const n = body.outputs.length - carries
  const ys = range(n).filter(i => live.has(node.outputs[carries + i]!))
  const kept = stacks.filter((_, k) => live.has(node.outputs[carries + n + k]!))
  const wanted = new Set([...range(carries).filter(i => live.has(node.outputs[i]!)), ...kept])
  // A carry is needed if something needed depends on what it was a step earlier.
  for (;;) {
    const used = new Set(reachable([...[...wanted].map(i => body.outputs[i]!), ...ys.map(i => body.outputs[carries + i]!)]))
    const more = range(carries).filter(i => !wanted.has(i) && used.has(body.inputs[i]!.node))
    if (more.length === 0) {
      const has = (from: number, count: number) => range(count).filter(i => used.has(body.inputs[from + i]!.node))
      return {
        carries: [...wanted].sort((a, b) => a - b),
        consts: has(carries, consts),
        xs: has(carries + consts, body.inputs.length - carries - consts),
        ys,
        stacks: kept,
      }
    }
    for (const i of more) wanted.add(i)
  }
}

/** The nodes that the outputs need, inputs first, and what is kept of each scan among them. */
export function liveNodes(graph: Graph): { readonly nodes: readonly Node[]; readonly kept: ReadonlyMap<Node, Kept> } {
  const live = new Set<Tensor>(graph.outputs)
  const nodes: Node[] = []
  const kept = new Map<Node, Kept>()
  for (const node of reachable(graph.outputs).reverse()) {
    if (!node.outputs.some(t => live.has(t))) continue
    nodes.push(node)
    if (node.op.name !== 'scan') {
      for (const t of node.inputs) live.add(t)
      continue
    }
    const { carries, consts } = node.attrs as ScanAttrs
    const k = keptOf(node, live)
    kept.set(node, k)
    for (const i of [...k.carries, ...k.consts.map(c => c + carries), ...k.xs.map(x => x + carries + consts)]) live.add(node.inputs[i]!)
  }
  return { nodes: nodes.reverse(), kept }
}
