/**
 * Makes a graph smaller and keeps its meaning: what nobody reads is dropped, equal nodes become one, identities go (rules.ts). Done once, before lowering, after differentiation,
 * so that derivatives need not be clever: they may add zeros, recompute, and pad what is concatenated again.
 */
import type { ScanAttrs } from '../control/scan.ts'
import { scanOp } from '../control/scan.ts'
import { apply, atPlace, type Node, type Op, type Tensor } from '../graph/tensor.ts'
import type { Graph } from '../graph/trace.ts'
import { attrsKey } from './key.ts'
import { type Kept, liveNodes } from './liveness.ts'
import { bare, type Emit, notePieces, rewrite } from './rules.ts'

/** An equal graph with the same inputs. `expand` may replace a scan by plain tensors (see control/unroll.ts), given the node with its inputs simplified. */
export function simplify(graph: Graph, expand?: (scan: Node) => readonly Tensor[] | undefined): Graph {
  const now = new Map<Tensor, Tensor>(graph.inputs.map(t => [t, t]))
  const seen = new Map<string, readonly Tensor[]>()
  /** Nodes that are simplified. */
  const done = new Set<Node>(graph.inputs.map(t => t.node))
  /** Bodies by what was kept of them: equal loops go on sharing one body, and so one session. */
  const bodies = new Map<Graph, Map<string, Graph>>()

  const emit: Emit = (op, given, attrs) => {
    const inputs = bare(op.name, given)
    if (op.name === 'customGradient') return inputs.slice((attrs as unknown as { inputs: number }).inputs)
    const better = rewrite(op.name, inputs, attrs, emit)
    if (better) return [better]
    const key = `${op.name} ${attrsKey(attrs)} ${inputs.map(t => `${t.node.id}:${t.index}`).join()}`
    let outputs = seen.get(key)
    if (!outputs) {
      outputs = apply(op, inputs, attrs)
      seen.set(key, outputs)
      done.add(outputs[0]!.node)
    }
    if (op.name === 'add') notePieces(outputs[0]!)
    return outputs
  }

  const visit = (nodes: readonly Node[], kept: ReadonlyMap<Node, Kept>): void => {
    for (const node of nodes) {
      if (node.op.name === 'input') continue
      atPlace(node.place, () => {
        if (node.op.name === 'scan') simplifyScan(node, kept.get(node)!)
        else {
          const outputs = emit(
            node.op as Op,
            node.inputs.map(t => now.get(t)!),
            node.attrs,
          )
          node.outputs.forEach((t, i) => {
            now.set(t, outputs[i]!)
          })
        }
      })
    }
  }

  const simplifyScan = (node: Node, k: Kept): void => {
    const a = node.attrs as ScanAttrs
    const ys = a.body.outputs.length - a.carries
    const pick = [...k.carries, ...k.consts.map(i => i + a.carries), ...k.xs.map(i => i + a.carries + a.consts)]
    const attrs: ScanAttrs = {
      body: keptBody(a, k, pick),
      carries: k.carries.length,
      consts: k.consts.length,
      length: a.length,
      reverse: a.reverse,
      stacks: k.stacks.map(i => k.carries.indexOf(i)),
    }
    let outputs = emit(
      scanOp,
      pick.map(i => now.get(node.inputs[i]!)!),
      attrs,
    )
    const plain = expand && outputs[0]?.node.op === (scanOp as unknown as Op) ? expand(outputs[0].node) : undefined
    if (plain) {
      // The steps are new nodes over simplified ones, and the body's constants are its own: simplify them with everything else.
      const inside = liveNodes({ inputs: [], outputs: plain })
      const fresh = inside.nodes.filter(n => !done.has(n))
      for (const n of fresh) for (const t of n.inputs) if (!now.has(t)) now.set(t, t)
      visit(fresh, inside.kept)
      outputs = plain.map(t => now.get(t) ?? t)
    }
    k.carries.forEach((i, j) => {
      now.set(node.outputs[i]!, outputs[j]!)
    })
    k.ys.forEach((i, j) => {
      now.set(node.outputs[a.carries + i]!, outputs[k.carries.length + j]!)
    })
    k.stacks.forEach((i, j) => {
      now.set(node.outputs[a.carries + ys + a.stacks.indexOf(i)]!, outputs[k.carries.length + k.ys.length + j]!)
    })
  }

  const keptBody = (a: ScanAttrs, k: Kept, pick: readonly number[]): Graph => {
    let known = bodies.get(a.body)
    if (!known) bodies.set(a.body, (known = new Map()))
    const key = JSON.stringify(k)
    let body = known.get(key)
    if (!body) {
      body = simplify(
        {
          inputs: pick.map(i => a.body.inputs[i]!),
          outputs: [...k.carries.map(i => a.body.outputs[i]!), ...k.ys.map(i => a.body.outputs[a.carries + i]!)],
        },
        expand,
      )
      known.set(key, body)
    }
    return body
  }

  const { nodes, kept } = liveNodes(graph)
  visit(nodes, kept)
  const outputs = graph.outputs.map(t => now.get(t)!)
  // What a rule built on the way and did not use is not reachable from here.
  return { inputs: graph.inputs, outputs }
}
