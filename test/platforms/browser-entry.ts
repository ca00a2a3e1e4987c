/** The same clips in a page: one thread, no shared memory, the kernel fetched. The title says how it went. */
import { clipHashes } from './clip-hashes.ts'

try {
  const kernel = await WebAssembly.compileStreaming(fetch('/kernel.wasm'))
  document.body.textContent = JSON.stringify(await clipHashes(kernel))
  document.title = 'done'
} catch (error) {
  document.body.textContent = error instanceof Error ? `${error.message}\n${error.stack}` : String(error)
  document.title = 'failed'
}
