/** The same clips in a page: one thread, no shared memory, the kernel fetched. What came of it is posted to whoever serves the page. */
import { clipHashes } from './clip-hashes.ts'

const post = (path: string, body: string) => fetch(path, { method: 'POST', body })
try {
  const kernel = await WebAssembly.compileStreaming(fetch('/kernel.wasm'))
  await post('/done', JSON.stringify(await clipHashes(kernel)))
} catch (error) {
  await post('/failed', error instanceof Error ? `${error.message}\n${error.stack}` : String(error))
}
