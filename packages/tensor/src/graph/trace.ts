/** Tracing: running a function once on symbols to get its graph; and putting other tensors in a graph's place. */
import { TensorError } from '../error.ts'
import { input } from '../ops/constant.ts'
import { type Type, typeName } from './dtype.ts'
import { apply, atPlace, type Node, Tensor } from './tensor.ts'
import { flatten, type Tree } from './tree.ts'
import { reachable } from './visit.ts'

/** A function of tensors, as data: `outputs` depend on `inputs` (each made by the operator `input`) and on constants, on nothing else. */
export interface Graph {
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
}

/** A traced function: its graph, and the trees that its arguments and its result are. */
export interface Traced {
  readonly graph: Graph
  /** Path of each input, `0/w`: argument, then place in it. */
  readonly names: readonly string[]
  /** Path of each output in the result. */
  readonly outputNames: readonly string[]
  rebuild<U>(outputs: readonly U[]): Tree<U>
}

/** Runs `f` on symbols of the given types, one tree of types an argument. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments mirror `types` as trees of tensors, which the compiler cannot follow to any depth.
export function trace(f: (...args: any[]) => Tree<Tensor>, types: readonly Tree<Type>[]): Traced {
  const args = flatten<Type>(types)
  const inputs = args.list.map((t, i) => input(t, args.paths[i]!))
  const result = flatten<Tensor>(f(...(args.rebuild(inputs) as Tree<Tensor>[])))
  result.list.forEach((t, i) => {
    if (!(t instanceof Tensor))
      throw new TensorError(
        `the traced function returned ${typeof t} at "${result.paths[i]}"; it must return tensors (wrap numbers in constant())`,
      )
  })
  const foreign = reachable(result.list).find(n => n.op.name === 'input' && !inputs.includes(n.outputs[0]!))
  if (foreign) {
    throw new TensorError(
      `the traced function uses a tensor of another trace: ${(foreign.attrs as { name: string }).name} ${typeName(foreign.outputs[0]!.type)}; pass it as an argument`,
    )
  }
  return {
    graph: { inputs, outputs: result.list },
    names: args.paths,
    outputNames: result.paths,
    rebuild: result.rebuild as Traced['rebuild'],
  }
}

/** The tensors with `replacements` put in, as new nodes where something changed. */
export function substitute(tensors: readonly Tensor[], replacements: ReadonlyMap<Tensor, Tensor>): Tensor[] {
  const now = new Map<Tensor, Tensor>(replacements)
  const stop = (n: Node) => n.outputs.every(t => replacements.has(t))
  for (const node of reachable(tensors, stop)) {
    if (stop(node) || !node.inputs.some(t => now.get(t) !== undefined)) continue
    const inputs = node.inputs.map(t => now.get(t) ?? t)
    const outputs = atPlace(node.place, () => apply(node.op, inputs, node.attrs))
    node.outputs.forEach((t, i) => {
      if (!now.has(t)) now.set(t, outputs[i]!)
    })
  }
  return tensors.map(t => now.get(t) ?? t)
}

/** A graph applied to tensors. */
export const instantiate = (graph: Graph, inputs: readonly Tensor[]): Tensor[] =>
  substitute(graph.outputs, new Map(graph.inputs.map((t, i) => [t, inputs[i]!])))
