/** Walks of a graph. None recurses: a graph may be a million nodes deep. */
import type { Node, Tensor } from './tensor.ts'

/** Every node that the tensors depend on, inputs first. `stop` nodes are included but not entered. */
export function reachable(tensors: readonly Tensor[], stop?: (node: Node) => boolean): Node[] {
  const seen = new Set<Node>()
  const stack = tensors.map(t => t.node)
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    if (stop?.(node)) continue
    for (const input of node.inputs) if (!seen.has(input.node)) stack.push(input.node)
  }
  return [...seen].sort((a, b) => a.id - b.id)
}
