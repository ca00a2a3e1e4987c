/**
 * The graph: a tensor is one output of a node, a node is an operator applied to tensors. Graphs are values; nothing in them changes.
 *
 * Nodes are numbered as they are made, and a node is made after its inputs, so the order of `id` is a topological order.
 */
import { ShapeError, userLine } from '../error.ts'
import type { Shape, Type } from './dtype.ts'
import { typeName } from './dtype.ts'
import { sizeOf } from './shape.ts'

/** What `vjp` of an operator is given. `cotangents[i]` is undefined where nothing depends on output i; `needs[j]` says whether input j's is wanted. */
export interface VjpContext<A> {
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
  readonly attrs: A
  readonly cotangents: readonly (Tensor | undefined)[]
  readonly needs: readonly boolean[]
}

/** A primitive operator. Its meaning is in `interpret/`, its form for onnxruntime in `onnx/`. */
export interface Op<A extends object = object> {
  readonly name: string
  /** Types of the outputs; throws `ShapeError` (`apply` adds name and shapes) if the inputs do not fit. */
  infer(inputs: readonly Type[], attrs: A): readonly Type[]
  /** Cotangents of the inputs, made of differentiable operators. `null`: the derivative is zero or undefined everywhere (integers, conditions, steps). */
  readonly vjp: ((context: VjpContext<A>) => readonly (Tensor | undefined)[]) | null
}

export class Node {
  readonly id: number
  readonly op: Op
  readonly inputs: readonly Tensor[]
  readonly attrs: object
  readonly outputs: readonly Tensor[]
  /** Where the user's code made it; only recorded inside `withPlaces`. */
  readonly place: string | undefined

  constructor(op: Op, inputs: readonly Tensor[], attrs: object, types: readonly Type[], place: string | undefined) {
    this.id = counter++
    this.op = op
    this.inputs = inputs
    this.attrs = attrs
    this.outputs = types.map((t, i) => new Tensor(this, i, t))
    this.place = place
  }
}

/** One output of a node: a type and, when the graph runs, a value. */
export class Tensor {
  readonly node: Node
  readonly index: number
  readonly type: Type

  constructor(node: Node, index: number, type: Type) {
    this.node = node
    this.index = index
    this.type = type
  }

  get dtype() {
    return this.type.dtype
  }
  get shape(): Shape {
    return this.type.shape
  }
  get rank(): number {
    return this.type.shape.length
  }
  get size(): number {
    return sizeOf(this.type.shape)
  }
}

let counter = 0
let places = false
let inherited: string | undefined

/** The number that the next node will have: what is older was made before now. */
export const nextId = (): number => counter

/** Runs `f`; nodes made meanwhile remember the line of the user's code that made them (slow: for replays that look for a bad operator). */
export function withPlaces<T>(f: () => T): T {
  const before = places
  places = true
  try {
    return f()
  } finally {
    places = before
  }
}

/** Runs `f`; nodes made meanwhile are said to come from `place`: derivatives belong to the line of what they differentiate. */
export function atPlace<T>(place: string | undefined, f: () => T): T {
  const before = inherited
  inherited = place ?? before
  try {
    return f()
  } finally {
    inherited = before
  }
}

/** Applies an operator: checks the inputs and makes the node. Throws `ShapeError` naming operator, shapes and the caller's line. */
export function apply<A extends object>(op: Op<A>, inputs: readonly Tensor[], attrs: A): readonly Tensor[] {
  const types = inputs.map(t => t.type)
  let out: readonly Type[]
  try {
    out = op.infer(types, attrs)
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    throw new ShapeError(`${op.name}(${types.map(typeName).join(', ')}): ${error.reason}`)
  }
  return new Node(op as unknown as Op, inputs, attrs, out, inherited ?? (places ? userLine() : undefined)).outputs
}
