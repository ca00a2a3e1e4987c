/** A graph cut into steps: pieces that one session computes, and what only the host can do between them. */

import type { Node, Tensor } from '../graph/tensor.ts'
import type { Graph } from '../graph/trace.ts'
import { reachable } from '../graph/visit.ts'
import type { Piece } from '../onnx/lower/index.ts'
import { byteSize } from './arrays.ts'

export type Step =
  | ({ readonly kind: 'session' } & Piece)
  | { readonly kind: 'host'; readonly node: Node }
  | { readonly kind: 'scan'; readonly node: Node }

/** Sessions take time to open that grows with the square of their nodes; above this many a piece is cut in two. */
export const MOST_NODES = 3000

const isLeaf = (node: Node): boolean => node.op.name === 'input' || node.op.name === 'constant'

/**
 * Steps in an order in which each finds its inputs done. A node's level says how many times the host must step in before it can be computed; all nodes of a level are one session.
 */
export function cut(graph: Graph, onHost: (node: Node) => boolean, most = MOST_NODES): Step[] {
  const nodes = reachable(graph.outputs).filter(n => !isLeaf(n))
  const host = new Set(nodes.filter(n => n.op.name === 'scan' || onHost(n)))
  const level = levels(nodes, host)
  const phases = new Map<number, { session: Node[]; host: Node[] }>()
  for (const node of nodes) {
    const l = level.get(node)!
    let phase = phases.get(l)
    if (!phase) phases.set(l, (phase = { session: [], host: [] }))
    ;(host.has(node) ? phase.host : phase.session).push(node)
  }
  const groups: (Node[] | Node)[] = []
  for (const l of [...phases.keys()].sort((a, b) => a - b)) {
    const phase = phases.get(l)!
    if (phase.session.length > 0) groups.push(...pieces(phase.session, most))
    groups.push(...phase.host)
  }
  const final = new Set(graph.outputs)
  const users = usersOf(nodes)
  return groups.map((group): Step => {
    if (!Array.isArray(group)) return { kind: group.op.name === 'scan' ? 'scan' : 'host', node: group }
    const own = new Set(group)
    const inputs = new Set<Tensor>()
    const outputs: Tensor[] = []
    for (const node of group) {
      for (const t of node.inputs) if (!own.has(t.node) && t.node.op.name !== 'constant') inputs.add(t)
      for (const t of node.outputs) if (final.has(t) || users.get(t)?.some(u => !own.has(u))) outputs.push(t)
    }
    return { kind: 'session', inputs: [...inputs], nodes: group, outputs }
  })
}

function usersOf(nodes: readonly Node[]): Map<Tensor, Node[]> {
  const users = new Map<Tensor, Node[]>()
  for (const node of nodes) {
    for (const t of node.inputs) {
      const list = users.get(t)
      if (list) list.push(node)
      else users.set(t, [node])
    }
  }
  return users
}

/** −1: the host can do it before anything else; a session's node comes one level behind the host steps that it reads. */
function levels(nodes: readonly Node[], host: ReadonlySet<Node>): Map<Node, number> {
  const level = new Map<Node, number>()
  for (const node of nodes) {
    const byHost = host.has(node)
    let l = byHost ? -1 : 0
    for (const { node: from } of node.inputs) {
      const f = level.get(from)
      if (f !== undefined) l = Math.max(l, host.has(from) && !byHost ? f + 1 : f)
    }
    level.set(node, l)
  }
  // What makes more than it reads (a repeated vector, a mask from indices) waits for the first level that wants it, so that less is kept between.
  const users = usersOf(nodes)
  for (const node of [...nodes].reverse()) {
    if (host.has(node)) continue
    const into = node.outputs.flatMap(t => users.get(t) ?? [])
    if (into.length === 0) continue
    const latest = Math.min(...into.map(u => level.get(u)!))
    const size = (list: readonly Tensor[]) => list.reduce((n, t) => n + (t.node.op.name === 'constant' ? 0 : byteSize(t.dtype, t.shape)), 0)
    if (latest > level.get(node)! && size(node.outputs) >= size(node.inputs)) level.set(node, latest)
  }
  return level
}

/** Cuts a session's nodes, in their order, where the fewest bytes are alive, so that none has more than `most`. */
function pieces(nodes: readonly Node[], most: number): Node[][] {
  if (nodes.length <= most) return [[...nodes]]
  const at = new Map(nodes.map((n, i) => [n, i]))
  const change = new Float64Array(nodes.length + 1)
  const last = new Map<Tensor, number>()
  nodes.forEach((n, i) => {
    for (const t of n.inputs) if (at.has(t.node)) last.set(t, i)
  })
  for (const [t, i] of last) {
    const bytes = byteSize(t.dtype, t.shape)
    change[at.get(t.node)! + 1]! += bytes
    change[i + 1]! -= bytes
  }
  // alive[i]: bytes that cross from before node i to it and later ones.
  const alive = new Float64Array(nodes.length + 1)
  for (let i = 1; i <= nodes.length; i++) alive[i] = alive[i - 1]! + change[i]!
  const out: Node[][] = []
  let from = 0
  while (nodes.length - from > most) {
    let best = from + most
    for (let i = from + Math.ceil(most / 2); i <= from + most; i++) if (alive[i]! < alive[best]!) best = i
    out.push(nodes.slice(from, best))
    from = best
  }
  out.push(nodes.slice(from))
  return out
}
