import type { Node } from '../../graph/tensor.ts'
import type { Emitter } from './emitter.ts'

/** Writes one operator as ONNX nodes: `x` are the names of its inputs, `y` the names that its outputs must get. */
export type Lowering<A = never> = (e: Emitter, node: Node & { readonly attrs: A }, x: readonly string[], y: readonly string[]) => void
