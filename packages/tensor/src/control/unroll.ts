/** A scan written out step by step. Simplified afterwards, the derivative's recomputed steps meet the forward ones and are the same nodes. */
import type { Node, Tensor } from '../graph/tensor.ts'
import { instantiate } from '../graph/trace.ts'
import { at, stack } from '../ops/shape.ts'
import type { ScanAttrs } from './scan.ts'

/** The outputs of a scan as plain nodes, given its inputs. */
export function unrollScan(node: Node, inputs: readonly Tensor[]): Tensor[] {
  const { body, carries, consts, length, reverse, stacks } = node.attrs as ScanAttrs
  let carry = inputs.slice(0, carries)
  const shared = inputs.slice(carries, carries + consts)
  const xs = inputs.slice(carries + consts)
  const ys: Tensor[][] = body.outputs.slice(carries).map(() => new Array<Tensor>(length))
  const entered: Tensor[][] = stacks.map(() => new Array<Tensor>(length))
  for (let k = 0; k < length; k++) {
    const t = reverse ? length - 1 - k : k
    for (const [i, c] of stacks.entries()) entered[i]![t] = carry[c]!
    const out = instantiate(body, [...carry, ...shared, ...xs.map(x => at(x, t))])
    carry = out.slice(0, carries)
    for (const [i, y] of out.slice(carries).entries()) ys[i]![t] = y
  }
  return [...carry, ...ys.map(list => stack(list)), ...entered.map(list => stack(list))]
}
