import type { AttributeProto, GraphProto, ModelProto, TensorProto } from './model.ts'
import { rawBytes, requireTensor, tensorBytes } from './tensor.ts'
import { encodeModel } from './write.ts'

/** How tensors move out of the model's file. */
export interface ExternalOptions {
  /** Name of the data file, relative to the model's folder. */
  readonly location: string
  /** Tensors of at least so many bytes move out; 1,024 unless told. */
  readonly minBytes?: number | undefined
}

/** A model and the file beside it. `chunks` follow each other without gaps (padding is among them) and make up `dataBytes` bytes. */
export interface ExternalModel {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly dataBytes: number
  chunks(): Iterable<Uint8Array>
}

/** Large tensors begin at multiples of 64 KiB, so that every system can map them into memory; small ones at multiples of 64 bytes. */
const LARGE = 2 ** 20
const ALIGNMENT = { large: 65_536, small: 64 }

/**
 * The bytes of a model whose large initialisers lie in a second file (ONNX "external data"), which lifts protobuf's limit of 2 GiB.
 * Nothing is copied: `chunks` are views on the tensors, to be written one after the other.
 * Constants inside of nested graphs move out as well. Throws OnnxError as `encodeModel` does.
 */
export function encodeModelExternal(model: ModelProto, options: ExternalOptions): ExternalModel {
  const minBytes = options.minBytes ?? 1024
  const places = new Map<TensorProto, { location: string; offset: number; length: number }>()
  let end = 0
  for (const t of tensorsOf(model.graph)) {
    const length = tensorBytes(t)
    if (length < Math.max(1, minBytes) || places.has(t)) continue
    requireTensor(t)
    const step = length >= LARGE ? ALIGNMENT.large : ALIGNMENT.small
    const offset = Math.ceil(end / step) * step
    places.set(t, { location: options.location, offset, length })
    end = offset + length
  }
  return {
    bytes: encodeModel(model, t => places.get(t)),
    dataBytes: end,
    *chunks() {
      let at = 0
      for (const [t, { offset, length }] of places) {
        if (offset > at) yield new Uint8Array(offset - at)
        yield rawBytes(t)
        at = offset + length
      }
    },
  }
}

function* tensorsOf(graph: GraphProto): Iterable<TensorProto> {
  yield* graph.initializers ?? []
  for (const n of graph.nodes) for (const a of n.attributes ?? []) yield* tensorsOfAttribute(a)
}

/** Only graphs: onnxruntime does not look for external data in attributes that are tensors. */
function* tensorsOfAttribute(a: AttributeProto): Iterable<TensorProto> {
  if (a.kind === 'graph') yield* tensorsOf(a.value)
  else if (a.kind === 'graphs') for (const g of a.value) yield* tensorsOf(g)
}
