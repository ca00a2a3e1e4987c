/** One operator call while a model is read: its inputs as tensors, its attributes checked, errors that say which node. */
import { type NDArray, numbersOf } from '../../graph/array.ts'
import { Tensor } from '../../graph/tensor.ts'
import { OnnxError } from '../proto/error.ts'
import type { AttributeKind, AttributeValue, AttributeValues, NodeProto } from '../proto/index.ts'
import { constantOf, fold } from './value.ts'

/** How an operator of ONNX is written in ours. Outputs beyond the last that is returned do not exist. */
export type Import = (c: Call) => Tensor | readonly (Tensor | undefined)[]

/** "Conv \"layer1/conv\"", as errors name a node. */
export const nodeName = (n: NodeProto): string => `${n.op} "${n.name || n.output.find(o => o !== '') || '?'}"`

export class Call {
  readonly node: NodeProto
  /** Version of the operator set. */
  readonly opset: number
  /** A key for what draws random numbers, where the caller gave one. */
  readonly key: Tensor | undefined
  private readonly inputs: readonly (Tensor | undefined)[]
  private readonly attributes: ReadonlyMap<string, AttributeValue>

  constructor(
    node: NodeProto,
    opset: number,
    inputs: readonly (Tensor | undefined)[],
    attributes: ReadonlyMap<string, AttributeValue>,
    key: Tensor | undefined,
  ) {
    this.node = node
    this.opset = opset
    this.inputs = inputs
    this.attributes = attributes
    this.key = key
  }

  fail(why: string): never {
    throw new OnnxError(`${nodeName(this.node)} (opset ${this.opset}): ${why}`)
  }

  /** Number of inputs, left-out ones at the end not counted. */
  get count(): number {
    return this.inputs.length
  }

  /** Input i, which must be there. */
  x(i: number): Tensor {
    return this.inputs[i] ?? this.fail(`input ${i} is missing`)
  }

  /** Input i, where it is given. */
  maybe(i: number): Tensor | undefined {
    return this.inputs[i]
  }

  all(): Tensor[] {
    return this.inputs.map((_, i) => this.x(i))
  }

  /** Whether all inputs are constants, and no random numbers are drawn. */
  get constant(): boolean {
    return this.inputs.every(t => t === undefined || constantOf(t) !== undefined)
  }

  /** Whether somebody may read output i. */
  wants(i: number): boolean {
    return (this.node.output[i] ?? '') !== ''
  }

  attribute<K extends AttributeKind>(name: string, kind: K): AttributeValues[K] | undefined {
    const a = this.attributes.get(name)
    if (a === undefined) return undefined
    if (a.kind !== kind) this.fail(`attribute "${name}" is of kind ${a.kind}, not ${kind}`)
    return a.value as AttributeValues[K]
  }

  int(name: string, otherwise: number): number {
    return this.attribute(name, 'int') ?? otherwise
  }
  float(name: string, otherwise: number): number {
    return this.attribute(name, 'float') ?? otherwise
  }
  string(name: string, otherwise: string): string {
    return this.attribute(name, 'string') ?? otherwise
  }
  ints(name: string): readonly number[] | undefined {
    return this.attribute(name, 'ints')
  }

  /** The values of an input that shapes depend on; undefined where it is left out. */
  known(i: number, what: string): NDArray | undefined {
    const t = this.inputs[i]
    if (t === undefined) return undefined
    return (
      constantOf(t) ?? this.fail(`its ${what} (input ${i}) depends on data, but shapes here are fixed: export the model with fixed ${what}`)
    )
  }

  /** Whole numbers that newer operator sets take as input i and older ones as an attribute. */
  list(i: number, name: string): readonly number[] | undefined {
    const v = this.known(i, name)
    return v ? [...numbersOf(v)] : this.ints(name)
  }

  /** An axis counted from either end. */
  axis(value: number, rank: number): number {
    if (!Number.isInteger(value) || value < -rank || value >= Math.max(rank, 1))
      this.fail(`axis ${value} is not one of a tensor of rank ${rank}`)
    return value < 0 ? value + rank : value
  }
}

/** The outputs of a call; computed where they depend on constants alone. */
export function outputsOf(c: Call, make: Import): readonly (Tensor | undefined)[] {
  const made = make(c)
  const outputs = made instanceof Tensor ? [made] : made
  if (!c.constant) return outputs
  const there = outputs.filter(t => t !== undefined)
  const folded = fold(there)
  return outputs.map(t => t && folded[there.indexOf(t)])
}
