import { dtypeOf, foreignDtype, type OnnxDtype } from './dtype.ts'
import { OnnxError } from './error.ts'
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
import { type ReadExternal, readTensor } from './read-tensor.ts'
import { WireReader } from './wire-reader.ts'
import { ATTRIBUTE_CODE } from './write.ts'

/** How to read a model. */
export interface DecodeOptions {
  /** Reads a range of a file that lies beside the model; without it a model with external data is refused. */
  readonly external?: ReadExternal | undefined
}

/**
 * A model from its bytes. Every tensor's data is a copy. Fields that this library does not carry are passed over, except where leaving
 * them out would change what the model computes (sparse initialisers and attributes, segments, element types it cannot hold).
 * Throws OnnxError, with the path of the field, for bytes that are cut short, corrupt or say such things.
 */
export function decodeModel(bytes: Uint8Array, options: DecodeOptions = {}): ModelProto {
  const reader = new ModelReader(options.external)
  return reader.model(new WireReader(bytes))
}

const KIND = new Map(Object.entries(ATTRIBUTE_CODE).map(([kind, code]) => [code, kind as AttributeKind]))

class ModelReader {
  private readonly external: ReadExternal | undefined

  constructor(external: ReadExternal | undefined) {
    this.external = external
  }

  model(r: WireReader): ModelProto {
    let irVersion: number | undefined
    let graph: GraphProto | undefined
    let modelVersion: number | undefined
    let [producer, producerVersion, domain, doc] = ['', '', '', '']
    const opsets: OperatorSetId[] = []
    const functions: FunctionProto[] = []
    const metadata = new Map<string, string>()
    while (r.next()) {
      switch (r.field) {
        case 1:
          irVersion = r.int('ir_version')
          break
        case 2:
          producer = r.string('producer_name')
          break
        case 3:
          producerVersion = r.string('producer_version')
          break
        case 4:
          domain = r.string('domain')
          break
        case 5:
          modelVersion = r.int('model_version')
          break
        case 6:
          doc = r.string('doc_string')
          break
        case 7:
          if (graph) r.fail('graph', 'is given twice')
          graph = r.message('graph', this.graph)
          break
        case 8:
          opsets.push(r.message('opset_import', opset, opsets.length))
          break
        case 14:
          r.message('metadata_props', entry(metadata), metadata.size)
          break
        case 25:
          functions.push(r.message('functions', this.fn, functions.length))
          break
        default:
          r.skip()
      }
    }
    if (irVersion === undefined) r.fail('ir_version', 'is missing')
    if (!graph) return r.fail('graph', 'is missing')
    return { irVersion: irVersion!, opsets, graph, producer, producerVersion, domain, modelVersion, doc, metadata, functions }
  }

  private readonly graph = (r: WireReader): GraphProto => {
    let [name, doc] = ['', '']
    const nodes: NodeProto[] = []
    const initializers: TensorProto[] = []
    const inputs: ValueInfoProto[] = []
    const outputs: ValueInfoProto[] = []
    const values: ValueInfoProto[] = []
    const metadata = new Map<string, string>()
    while (r.next()) {
      switch (r.field) {
        case 1:
          nodes.push(r.message('node', this.node, nodes.length))
          break
        case 2:
          name = r.string('name')
          break
        case 5:
          initializers.push(r.message('initializer', this.tensor, initializers.length))
          break
        case 10:
          doc = r.string('doc_string')
          break
        case 11:
          inputs.push(r.message('input', valueInfo, inputs.length))
          break
        case 12:
          outputs.push(r.message('output', valueInfo, outputs.length))
          break
        case 13:
          values.push(r.message('value_info', valueInfo, values.length))
          break
        case 15:
          unsupported(r, 'sparse_initializer', 'is a sparse tensor. Make it dense before exporting')
          break
        case 16:
          r.message('metadata_props', entry(metadata), metadata.size)
          break
        default:
          r.skip()
      }
    }
    return { name, nodes, initializers, inputs, outputs, values, doc, metadata }
  }

  private readonly node = (r: WireReader): NodeProto => {
    let [op, name, domain, overload, doc] = ['', '', '', '', '']
    const input: string[] = []
    const output: string[] = []
    const attributes: AttributeProto[] = []
    let metadata: Map<string, string> | undefined
    while (r.next()) {
      switch (r.field) {
        case 1:
          input.push(r.string('input'))
          break
        case 2:
          output.push(r.string('output'))
          break
        case 3:
          name = r.string('name')
          break
        case 4:
          op = r.string('op_type')
          break
        case 5:
          attributes.push(r.message('attribute', this.attribute, attributes.length))
          break
        case 6:
          doc = r.string('doc_string')
          break
        case 7:
          domain = r.string('domain')
          break
        case 8:
          overload = r.string('overload')
          break
        case 9:
          metadata ??= new Map()
          r.message('metadata_props', entry(metadata), metadata.size)
          break
        default:
          r.skip()
      }
    }
    if (op === '') r.fail('op_type', 'is missing')
    return { op, input, output, attributes, name, domain, overload, doc, metadata }
  }

  private readonly attribute = (r: WireReader): AttributeProto => {
    let [name, doc, to] = ['', '', '']
    let code: number | undefined
    let [f, i, s] = [0, 0, '']
    let t: TensorProto | undefined
    let g: GraphProto | undefined
    let tp: TypeProto | undefined
    const floats: number[] = []
    const ints: number[] = []
    const strings: string[] = []
    const tensors: TensorProto[] = []
    const graphs: GraphProto[] = []
    while (r.next()) {
      switch (r.field) {
        case 1:
          name = r.string('name')
          break
        case 2:
          f = r.float('f')
          break
        case 3:
          i = r.int('i')
          break
        case 4:
          s = r.string('s')
          break
        case 5:
          if (t) r.fail('t', 'is given twice')
          t = r.message('t', this.tensor)
          break
        case 6:
          if (g) r.fail('g', 'is given twice')
          g = r.message('g', this.graph)
          break
        case 7:
          r.floats('floats', floats)
          break
        case 8:
          r.ints('ints', ints)
          break
        case 9:
          strings.push(r.string('strings'))
          break
        case 10:
          tensors.push(r.message('tensors', this.tensor, tensors.length))
          break
        case 11:
          graphs.push(r.message('graphs', this.graph, graphs.length))
          break
        case 13:
          doc = r.string('doc_string')
          break
        case 14:
          tp = r.message('tp', type)
          break
        case 20:
          code = r.int('type')
          break
        case 21:
          to = r.string('ref_attr_name')
          break
        default:
          r.skip()
      }
    }
    const kind = KIND.get(code ?? 0)
    if (kind === undefined)
      return unsupported(
        r,
        'type',
        `of "${name}" is ${code ?? 'missing'}. Only floats, ints, strings, tensors, graphs and types can be read`,
      )
    if (to !== '') return { name, doc, kind: 'reference', to, of: kind }
    const values = { float: f, int: i, string: s, tensor: t, graph: g, type: tp, floats, ints, strings, tensors, graphs }
    const value = values[kind] ?? r.fail('', `"${name}" of kind ${kind} has no value`)
    return { name, doc, kind, value } as AttributeProto
  }

  private readonly tensor = (r: WireReader): TensorProto => readTensor(r, this.external)

  private readonly fn = (r: WireReader): FunctionProto => {
    let [name, domain, overload, doc] = ['', '', '', '']
    const input: string[] = []
    const output: string[] = []
    const attributeNames: string[] = []
    const attributes: AttributeProto[] = []
    const nodes: NodeProto[] = []
    const opsets: OperatorSetId[] = []
    const values: ValueInfoProto[] = []
    const metadata = new Map<string, string>()
    while (r.next()) {
      switch (r.field) {
        case 1:
          name = r.string('name')
          break
        case 4:
          input.push(r.string('input'))
          break
        case 5:
          output.push(r.string('output'))
          break
        case 6:
          attributeNames.push(r.string('attribute'))
          break
        case 7:
          nodes.push(r.message('node', this.node, nodes.length))
          break
        case 8:
          doc = r.string('doc_string')
          break
        case 9:
          opsets.push(r.message('opset_import', opset, opsets.length))
          break
        case 10:
          domain = r.string('domain')
          break
        case 11:
          attributes.push(r.message('attribute_proto', this.attribute, attributes.length))
          break
        case 12:
          values.push(r.message('value_info', valueInfo, values.length))
          break
        case 13:
          overload = r.string('overload')
          break
        case 14:
          r.message('metadata_props', entry(metadata), metadata.size)
          break
        default:
          r.skip()
      }
    }
    return { name, domain, overload, input, output, attributeNames, attributes, nodes, opsets, values, doc, metadata }
  }
}

const entry =
  (into: Map<string, string>) =>
  (r: WireReader): void => {
    let [key, value] = ['', '']
    while (r.next()) {
      if (r.field === 1) key = r.string('key')
      else if (r.field === 2) value = r.string('value')
      else r.skip()
    }
    into.set(key, value)
  }

const opset = (r: WireReader): OperatorSetId => {
  let [domain, version] = ['', 0]
  while (r.next()) {
    if (r.field === 1) domain = r.string('domain')
    else if (r.field === 2) version = r.int('version')
    else r.skip()
  }
  return { domain, version }
}

const valueInfo = (r: WireReader): ValueInfoProto => {
  let [name, doc] = ['', '']
  let t: TypeProto | undefined
  while (r.next()) {
    if (r.field === 1) name = r.string('name')
    else if (r.field === 2) t = r.message('type', type)
    else if (r.field === 3) doc = r.string('doc_string')
    else r.skip()
  }
  return { name, type: t, doc }
}

/** Undefined where a value's type is left open. */
const type = (r: WireReader): TypeProto | undefined => {
  let t: TypeProto | undefined
  while (r.next()) {
    if (r.field === 1) t = r.message('tensor_type', tensorType)
    else if (r.field === 4 || r.field === 9) {
      const kind = r.field === 4 ? 'sequence' : 'optional'
      const element = r.message(`${kind}_type`, elementType)
      t = element && { kind, element }
    } else if (r.field === 5 || r.field === 7 || r.field === 8) unsupported(r, '', 'is a map, opaque or sparse type. Export tensors')
    else r.skip()
  }
  return t
}

const elementType = (r: WireReader): TypeProto | undefined => {
  let t: TypeProto | undefined
  while (r.next()) {
    if (r.field === 1) t = r.message('elem_type', type)
    else r.skip()
  }
  return t
}

const tensorType = (r: WireReader): TypeProto | undefined => {
  let dtype: OnnxDtype | undefined
  let dims: OnnxDim[] | undefined
  while (r.next()) {
    if (r.field === 1) {
      const code = r.int('elem_type')
      dtype = dtypeOf(code)
      if (code !== 0 && !dtype) unsupported(r, 'elem_type', `is ${foreignDtype(code)}, an element type this library does not carry`)
    } else if (r.field === 2) dims = r.message('shape', shape)
    else r.skip()
  }
  return dtype && { kind: 'tensor', dtype, shape: dims }
}

const shape = (r: WireReader): OnnxDim[] => {
  const dims: OnnxDim[] = []
  while (r.next()) {
    if (r.field === 1) dims.push(r.message('dim', dimension, dims.length))
    else r.skip()
  }
  return dims
}

const dimension = (r: WireReader): OnnxDim => {
  let d: OnnxDim
  while (r.next()) {
    if (r.field === 1) {
      d = r.int('dim_value')
      // Some exporters write −1 for a size they do not know.
      if (d < 0) d = undefined
    } else if (r.field === 2) d = r.string('dim_param') || undefined
    else r.skip()
  }
  return d
}

const unsupported = (r: WireReader, name: string, what: string): never => {
  throw new OnnxError(`${r.where(name)} ${what}.`)
}
