/** A second thread on the arena's memory: it sleeps on its mailbox and makes the calls that are put there. */
import { type KernelExports, SHARED_CALLS } from './exports.ts'
import { IDLE, MAILBOX_ARGUMENTS, mailbox, POSTED, QUIT, scratch } from './layout.ts'
import { instantiate } from './module.ts'

export interface HelperSetup {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** 1 … threads − 1 */
  readonly thread: number
}

/** Looks at the mailbox for so many milliseconds before it sleeps: passes come one after another, and waking takes some 0.03. */
const PATIENCE = 0.03

/** Serves until told to quit. Blocks its thread: for workers only. */
export function serve({ module, memory, thread }: HelperSetup): void {
  const kernel = instantiate<KernelExports>(module, memory)
  kernel.setScratch(scratch(thread))
  const box = new Int32Array(memory.buffer, mailbox(thread), 4)
  const args = new Float64Array(memory.buffer, mailbox(thread) + MAILBOX_ARGUMENTS, (256 - MAILBOX_ARGUMENTS) / 8)
  for (;;) {
    const state = lookWhile(box, IDLE, PATIENCE)
    if (state === IDLE) {
      Atomics.wait(box, 0, IDLE)
      continue
    }
    if (state === QUIT) return
    if (state !== POSTED) throw new Error(`mailbox ${thread} holds ${state}`)
    try {
      const call = kernel[SHARED_CALLS[box[1]!]!] as (...args: number[]) => void
      call(...args.subarray(0, box[2]))
      box[3] = 0
    } catch {
      box[3] = 1
    }
    Atomics.store(box, 0, IDLE)
    Atomics.notify(box, 0)
  }
}

/** Looks at a mailbox until its state is not `state` or so many milliseconds have gone; what it is then. */
export function lookWhile(box: Int32Array, state: number, patience: number): number {
  const end = performance.now() + patience
  for (;;) {
    for (let look = 0; look < 50; look++) {
      const now = Atomics.load(box, 0)
      if (now !== state) return now
    }
    if (performance.now() > end) return state
  }
}
