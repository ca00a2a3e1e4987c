import { TensorError } from '../../error.ts'

/** Everything the ONNX reader, writer, importer and exporter refuse: what, where (the field's path) and what to do. */
export class OnnxError extends TensorError {
  override readonly name = 'OnnxError'
}
