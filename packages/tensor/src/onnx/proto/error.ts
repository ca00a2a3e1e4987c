/** Everything the ONNX reader, writer, importer and exporter refuse: what, where (the field's path) and what to do. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError'
}
