import { TensorError } from '../error.ts'

/** What onnxruntime throws, as an error that says what to do. Its WebAssembly aborts, or throws a number, where memory does not suffice. */
export function engineError(error: unknown): TensorError {
  const said = error instanceof Error ? error.message : String(error)
  if (typeof error === 'number' || /bad.?alloc|integer overflow|failed to allocate|out of memory|OOM|abort|memory access/i.test(said))
    return new TensorError(`out of memory in onnxruntime (${said}): use a smaller model or batch, or put repeated layers into a scan`, {
      cause: error,
    })
  return new TensorError(`onnxruntime: ${said}`, { cause: error })
}
