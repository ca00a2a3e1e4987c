/** A call of ordinary code from inside a graph. */
import type { NDArray } from '../graph/array.ts'
import type { Type } from '../graph/dtype.ts'
import { apply, type Op, type Tensor } from '../graph/tensor.ts'

export interface HostCall {
  readonly name: string
  readonly types: readonly Type[]
  readonly call: (...inputs: readonly NDArray[]) => readonly NDArray[]
}

export const hostCallOp: Op<HostCall> = { name: 'hostCall', infer: (_, { types }) => types, vjp: null }

/**
 * Calls `call` with the values of `inputs` when the graph runs; it returns arrays of the given types, and no gradient passes. It must be a function of its inputs alone: it may be called
 * again where a graph recomputes, and once for equal uses. The graph is cut there, so calls in a tight loop cost a session each.
 */
export const hostCall = (name: string, inputs: readonly Tensor[], types: readonly Type[], call: HostCall['call']): readonly Tensor[] =>
  apply(hostCallOp, inputs, { name, types, call })
