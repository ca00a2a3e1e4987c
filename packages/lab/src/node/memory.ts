/** What a process holds. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let collect: (() => void) | undefined

export interface Memory {
  /** What is in use after a collection: values, and buffers outside of the heap. */
  readonly used: number
  /** What the process has of the system; what was freed once is not always given back. */
  readonly resident: number
}

/** MiB after a collection of what is not used. Buffers of native code are given up by tasks that a collection only orders, and what these let go needs another: so there are three, with time between. */
export async function memoryNow(): Promise<Memory> {
  if (!collect) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  for (let round = 0; round < 3; round++) {
    collect()
    await new Promise(done => setTimeout(done, 20))
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { used: (heapUsed + external) / 2 ** 20, resident: rss / 2 ** 20 }
}
