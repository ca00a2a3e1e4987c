/** Multiply–adds of a token in the matrix products of a forward pass: by formula, and counted in a graph. Norms, activations, softmaxes and tables are left out, as is usual. */
import { type Graph, reachable } from '@dioramic/tensor'
import type { Router } from './routers/router.ts'

interface Widths {
  readonly d: number
  readonly hidden: number
}

/** Up and down again. */
export const ffnCost = ({ d, hidden }: Widths): number => 2 * d * hidden

/** Queries, keys, values and output, and the two products with every position of the text (what the mask hides is computed all the same). */
export const attentionCost = ({ d, time }: { readonly d: number; readonly time: number }): number => 4 * d * d + 2 * time * d

/** U, V and the gate: each of the hidden/2 features is mixed from all positions. The number of chunks and of experts does not matter. */
export const gmlpCost = ({ d, hidden, time }: Widths & { readonly time: number }): number =>
  d * hidden + (hidden / 2) * d + (hidden / 2) * time

/** The experts that a token goes to, and the router's product. What a capacity above the even share computes in vain is not counted. */
export const tokenExpertsCost = ({ d, hidden, experts, router }: Widths & { readonly experts: number; readonly router: Router }): number =>
  router.choices(experts) * ffnCost({ d, hidden }) + routerCost(router, d, experts)

/** A router's product for a row of size d. */
export const routerCost = (router: Router, d: number, experts: number): number => ('w' in router.parameters(d, experts) ? d * experts : 0)

/** Multiply–adds of all matrix products of a graph, loops included. */
export function countMultiplyAdds(graph: Graph): number {
  let total = 0
  for (const node of reachable(graph.outputs)) {
    if (node.op.name === 'matmul') {
      const { transA } = node.attrs as { transA: boolean }
      const a = node.inputs[0]!.shape
      total += node.outputs[0]!.size * a.at(transA ? -2 : -1)!
    } else if (node.op.name === 'scan') {
      const { body, length } = node.attrs as { body: Graph; length: number }
      total += length * countMultiplyAdds(body)
    }
  }
  return total
}
