import type { OnnxData, OnnxDtype } from './dtype.ts'

// The part of onnx.proto3 (github.com/onnx/onnx/blob/main/onnx/onnx.proto3) that this library reads and writes, as plain values.

/** A size, the name of a symbolic size, or undefined where nothing is known. */
export type OnnxDim = number | string | undefined

/** Type of a value. A tensor without `shape` has an unknown rank. */
export type TypeProto =
  | { readonly kind: 'tensor'; readonly dtype: OnnxDtype; readonly shape?: readonly OnnxDim[] | undefined }
  | { readonly kind: 'sequence'; readonly element: TypeProto }
  | { readonly kind: 'optional'; readonly element: TypeProto }

/** A named value: input, output or intermediate. */
export interface ValueInfoProto {
  readonly name: string
  readonly type?: TypeProto | undefined
  readonly doc?: string | undefined
}

/** A constant: `data` holds the product of `dims` elements in C order. */
export interface TensorProto {
  readonly name: string
  readonly dtype: OnnxDtype
  readonly dims: readonly number[]
  readonly data: OnnxData
  readonly doc?: string | undefined
}

/** Kinds of attribute values and what holds them. Integers are numbers: exact to 2⁵³, INT64_MAX and INT64_MIN survive a round trip. */
export interface AttributeValues {
  readonly float: number
  readonly int: number
  readonly string: string
  readonly tensor: TensorProto
  readonly graph: GraphProto
  readonly type: TypeProto
  readonly floats: readonly number[]
  readonly ints: readonly number[]
  readonly strings: readonly string[]
  readonly tensors: readonly TensorProto[]
  readonly graphs: readonly GraphProto[]
}
export type AttributeKind = keyof AttributeValues

/** An attribute's kind and value; in the body of a function it may stand for an attribute of the call (`reference`). */
export type AttributeValue =
  | { readonly [K in AttributeKind]: { readonly kind: K; readonly value: AttributeValues[K] } }[AttributeKind]
  | { readonly kind: 'reference'; readonly to: string; readonly of: AttributeKind }

export type AttributeProto = { readonly name: string; readonly doc?: string | undefined } & AttributeValue

/** One operator call. An input that is left out has the empty name. */
export interface NodeProto {
  readonly op: string
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly attributes?: readonly AttributeProto[] | undefined
  readonly name?: string | undefined
  /** Operator set; the empty string is ONNX's own. */
  readonly domain?: string | undefined
  readonly overload?: string | undefined
  readonly doc?: string | undefined
  readonly metadata?: ReadonlyMap<string, string> | undefined
}

/** Nodes in topological order, constants by name, inputs and outputs. Bodies of If, Loop and Scan are graphs too. */
export interface GraphProto {
  readonly name: string
  readonly nodes: readonly NodeProto[]
  readonly initializers?: readonly TensorProto[] | undefined
  readonly inputs: readonly ValueInfoProto[]
  readonly outputs: readonly ValueInfoProto[]
  /** Types of intermediate values. */
  readonly values?: readonly ValueInfoProto[] | undefined
  readonly doc?: string | undefined
  readonly metadata?: ReadonlyMap<string, string> | undefined
}

export interface OperatorSetId {
  readonly domain: string
  readonly version: number
}

/** A function: an operator defined by nodes. */
export interface FunctionProto {
  readonly name: string
  readonly domain: string
  readonly overload?: string | undefined
  readonly input: readonly string[]
  readonly output: readonly string[]
  /** Names of attributes without default. */
  readonly attributeNames?: readonly string[] | undefined
  /** Attributes with their defaults. */
  readonly attributes?: readonly AttributeProto[] | undefined
  readonly nodes: readonly NodeProto[]
  readonly opsets: readonly OperatorSetId[]
  readonly values?: readonly ValueInfoProto[] | undefined
  readonly doc?: string | undefined
  readonly metadata?: ReadonlyMap<string, string> | undefined
}

export interface ModelProto {
  readonly irVersion: number
  readonly opsets: readonly OperatorSetId[]
  readonly graph: GraphProto
  readonly producer?: string | undefined
  readonly producerVersion?: string | undefined
  readonly domain?: string | undefined
  readonly modelVersion?: number | undefined
  readonly doc?: string | undefined
  readonly metadata?: ReadonlyMap<string, string> | undefined
  readonly functions?: readonly FunctionProto[] | undefined
}

const some = <K extends AttributeKind>(kind: K, value: AttributeValues[K]) => ({ kind, value }) as AttributeValue

/** Attribute values by kind: `node('Softmax', ['x'], ['y'], { axis: attribute.int(-1) })`. */
export const attribute = {
  float: (value: number): AttributeValue => some('float', value),
  int: (value: number): AttributeValue => some('int', value),
  string: (value: string): AttributeValue => some('string', value),
  tensor: (value: TensorProto): AttributeValue => some('tensor', value),
  graph: (value: GraphProto): AttributeValue => some('graph', value),
  floats: (value: readonly number[]): AttributeValue => some('floats', value),
  ints: (value: readonly number[]): AttributeValue => some('ints', value),
  strings: (value: readonly string[]): AttributeValue => some('strings', value),
}

/** A node from its operator, the names of its inputs and outputs, and attributes by name. */
export function node(
  op: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  domain = '',
): NodeProto {
  return { op, input, output, attributes: Object.entries(attributes).map(([name, v]) => ({ name, ...v })), domain }
}

/** A graph input or output of a tensor type. */
export const valueInfo = (name: string, dtype: OnnxDtype, shape?: readonly OnnxDim[]): ValueInfoProto => ({
  name,
  type: { kind: 'tensor', dtype, shape },
})
