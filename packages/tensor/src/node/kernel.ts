/** The kernel on Node: its bytes from disk, its threads from node:worker_threads. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { Arena } from '../kernel/arena.ts'

let bytes: Promise<Uint8Array> | undefined

/** Reads `kernel.wasm`, which lies beside the package's source. */
export function loadKernel(): Promise<Uint8Array> {
  bytes ??= readFile(new URL('../kernel.wasm', import.meta.url))
  return bytes
}

const WORKER = import.meta.url.endsWith('.ts')
  ? new URL('./kernel-worker.ts', import.meta.url)
  : new URL('./kernel-worker.js', import.meta.url)

/**
 * An arena of `size` bytes whose large passes use `threads` threads (default 1); `worth` as in ArenaOptions. The threads never keep the
 * process alive.
 */
export async function createArena(size: number, threads = 1, worth?: number): Promise<Arena> {
  return Arena.create({
    kernel: await loadKernel(),
    bytes: size,
    threads,
    ...(worth !== undefined && { worth }),
    spawn: setup => {
      // None of the process's flags: `--input-type` and the like would stop a worker.
      const worker = new Worker(WORKER, { workerData: setup, execArgv: [], name: `tensor-kernel-${setup.thread}` })
      const ready = once(worker, 'message').then(() => worker.unref())
      return { ready, terminate: () => void worker.terminate() }
    },
  })
}
