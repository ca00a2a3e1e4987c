/** The kernel in a page: its bytes fetched, its threads from web workers. */
import { TensorError } from '../error.ts'
import { Arena } from '../kernel/arena.ts'
import type { Helper, HelperSetup } from '../kernel/index.ts'

let bytes: Promise<Uint8Array> | undefined

/** Fetches `kernel.wasm`, which lies beside the package's code; bundlers find it by its URL. @throws TensorError if it is not there */
export function loadKernel(): Promise<Uint8Array> {
  bytes ??= fetchKernel(new URL('../kernel.wasm', import.meta.url)).catch(error => {
    bytes = undefined
    throw error
  })
  return bytes
}

async function fetchKernel(url: URL): Promise<Uint8Array> {
  const response = await fetch(url)
  if (!response.ok) throw new TensorError(`the kernel is not at ${url}: ${response.status} ${response.statusText}`)
  return new Uint8Array(await response.arrayBuffer())
}

/**
 * An arena of `size` bytes. More than one thread needs a page that is cross-origin isolated (COOP and COEP headers); elsewhere the arena
 * has one. A page's main thread may not sleep: it looks for a helper's end without pause, so train in a worker.
 */
export async function createArena(size: number, threads = 1, worth?: number): Promise<Arena> {
  return Arena.create({
    kernel: await loadKernel(),
    bytes: size,
    threads: globalThis.crossOriginIsolated ? threads : 1,
    ...(worth !== undefined && { worth }),
    spawn: start,
  })
}

function start(setup: HelperSetup): Helper {
  const worker = new Worker(new URL('./kernel-worker.js', import.meta.url), { type: 'module', name: `tensor-kernel-${setup.thread}` })
  const ready = new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve()
    worker.onerror = event => reject(new Error(event.message || 'its worker did not load'))
  })
  worker.postMessage(setup)
  return { ready, terminate: () => worker.terminate() }
}
