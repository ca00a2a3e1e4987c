/** The kernel from disk. */
import { readFile } from 'node:fs/promises'

/** Reads and compiles `kernel.wasm`, which lies beside the package's source. */
export async function loadKernel(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL('../kernel.wasm', import.meta.url)))
}
