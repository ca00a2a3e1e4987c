import { dtypeCode } from './dtype.ts'
import type {
  AttributeKind,
  AttributeProto,
  FunctionProto,
  GraphProto,
  ModelProto,
  NodeProto,
  OnnxDim,
  OperatorSetId,
  TensorProto,
  TypeProto,
  ValueInfoProto,
} from './model.ts'
import { rawBytes, requireTensor } from './tensor.ts'
import { encodeMessage, type WireOut } from './wire-writer.ts'

/** Where a tensor lies outside of the model's file; undefined for one that stays inside. */
export type Placement = (tensor: TensorProto) => { readonly location: string; readonly offset: number; readonly length: number } | undefined

/** AttributeProto.AttributeType. */
export const ATTRIBUTE_CODE: Readonly<Record<AttributeKind, number>> = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
  type: 13,
}

/**
 * The bytes of a model, ready for a session or a file. `place` says which tensors are external (see `encodeModelExternal`).
 * Throws OnnxError where a tensor's data does not fit its dims, an integer is not whole, or the whole reaches protobuf's 2 GiB.
 */
export function encodeModel(model: ModelProto, place: Placement = inside): Uint8Array<ArrayBuffer> {
  return encodeMessage(new ModelWriter(place).model, model)
}

const inside: Placement = () => undefined
const text = (out: WireOut, field: number, value: string | undefined): void => {
  if (value) out.string(field, value)
}
const entry = (out: WireOut, [key, value]: readonly [string, string]): void => {
  out.string(1, key)
  out.string(2, value)
}
const entries = (out: WireOut, field: number, map: ReadonlyMap<string, string> | undefined): void => {
  if (map) for (const e of map) out.message(field, entry, e)
}
const opset = (out: WireOut, o: OperatorSetId): void => {
  out.string(1, o.domain)
  out.int(2, o.version)
}

class ModelWriter {
  private readonly place: Placement

  constructor(place: Placement) {
    this.place = place
  }

  readonly model = (out: WireOut, m: ModelProto): void => {
    out.int(1, m.irVersion)
    text(out, 2, m.producer)
    text(out, 3, m.producerVersion)
    text(out, 4, m.domain)
    if (m.modelVersion !== undefined) out.int(5, m.modelVersion)
    text(out, 6, m.doc)
    out.message(7, this.graph, m.graph)
    for (const o of m.opsets) out.message(8, opset, o)
    entries(out, 14, m.metadata)
    for (const f of m.functions ?? []) out.message(25, this.fn, f)
  }

  private readonly graph = (out: WireOut, g: GraphProto): void => {
    for (const n of g.nodes) out.message(1, this.node, n)
    out.string(2, g.name)
    if (g.initializers) for (const t of g.initializers) out.message(5, this.tensor, t)
    text(out, 10, g.doc)
    for (const v of g.inputs) out.message(11, valueInfo, v)
    for (const v of g.outputs) out.message(12, valueInfo, v)
    if (g.values) for (const v of g.values) out.message(13, valueInfo, v)
    entries(out, 16, g.metadata)
  }

  private readonly node = (out: WireOut, n: NodeProto): void => {
    for (const name of n.input) out.string(1, name)
    for (const name of n.output) out.string(2, name)
    text(out, 3, n.name)
    out.string(4, n.op)
    if (n.attributes) for (const a of n.attributes) out.message(5, this.attribute, a)
    text(out, 6, n.doc)
    text(out, 7, n.domain)
    text(out, 8, n.overload)
    entries(out, 9, n.metadata)
  }

  private readonly attribute = (out: WireOut, a: AttributeProto): void => {
    out.string(1, a.name)
    switch (a.kind) {
      case 'float':
        out.float(2, a.value)
        break
      case 'int':
        out.int(3, a.value)
        break
      case 'string':
        out.string(4, a.value)
        break
      case 'tensor':
        out.message(5, this.tensor, a.value)
        break
      case 'graph':
        out.message(6, this.graph, a.value)
        break
      case 'floats':
        out.packedFloats(7, a.value)
        break
      case 'ints':
        out.packedInts(8, a.value)
        break
      case 'strings':
        for (const s of a.value) out.string(9, s)
        break
      case 'tensors':
        for (const t of a.value) out.message(10, this.tensor, t)
        break
      case 'graphs':
        for (const g of a.value) out.message(11, this.graph, g)
        break
      case 'type':
        out.message(14, type, a.value)
        break
      case 'reference':
        out.string(21, a.to)
        break
    }
    text(out, 13, a.doc)
    out.int(20, ATTRIBUTE_CODE[a.kind === 'reference' ? a.of : a.kind])
  }

  private readonly tensor = (out: WireOut, t: TensorProto): void => {
    requireTensor(t)
    out.packedInts(1, t.dims)
    out.int(2, dtypeCode(t.dtype))
    if (t.dtype === 'string') for (const s of t.data as readonly string[]) out.string(6, s)
    text(out, 8, t.name)
    const place = t.dtype === 'string' ? undefined : this.place(t)
    if (t.dtype !== 'string' && !place) out.bytes(9, rawBytes(t))
    text(out, 12, t.doc)
    if (place) {
      out.message(13, entry, ['location', place.location])
      out.message(13, entry, ['offset', String(place.offset)])
      out.message(13, entry, ['length', String(place.length)])
      out.int(14, 1)
    }
  }

  private readonly fn = (out: WireOut, f: FunctionProto): void => {
    out.string(1, f.name)
    for (const name of f.input) out.string(4, name)
    for (const name of f.output) out.string(5, name)
    for (const name of f.attributeNames ?? []) out.string(6, name)
    for (const n of f.nodes) out.message(7, this.node, n)
    text(out, 8, f.doc)
    for (const o of f.opsets) out.message(9, opset, o)
    out.string(10, f.domain)
    for (const a of f.attributes ?? []) out.message(11, this.attribute, a)
    for (const v of f.values ?? []) out.message(12, valueInfo, v)
    text(out, 13, f.overload)
    entries(out, 14, f.metadata)
  }
}

const valueInfo = (out: WireOut, v: ValueInfoProto): void => {
  out.string(1, v.name)
  if (v.type) out.message(2, type, v.type)
  text(out, 3, v.doc)
}

const type = (out: WireOut, t: TypeProto): void => {
  if (t.kind === 'tensor') out.message(1, tensorType, t)
  else out.message(t.kind === 'sequence' ? 4 : 9, elementType, t.element)
}

const elementType = (out: WireOut, t: TypeProto): void => out.message(1, type, t)

const tensorType = (out: WireOut, t: TypeProto & { readonly kind: 'tensor' }): void => {
  out.int(1, dtypeCode(t.dtype))
  if (t.shape) out.message(2, shape, t.shape)
}

const shape = (out: WireOut, dims: readonly OnnxDim[]): void => {
  for (const d of dims) out.message(1, dimension, d)
}

const dimension = (out: WireOut, d: OnnxDim): void => {
  if (typeof d === 'number') out.int(1, d)
  else if (d !== undefined) out.string(2, d)
}
