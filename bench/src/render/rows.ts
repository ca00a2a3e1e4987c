/** A picture on several threads, each with a kernel of its own; one that is done takes the next band of rows, since cores are not equally fast. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { SceneName } from './subjects.ts'

const BAND = 4

export interface Work {
  readonly spp: number
  readonly seed: number
  readonly rows: readonly [number, number]
}
export interface Setup {
  readonly name: SceneName
  readonly size: number
}

/** Threads that render one scene; `render` gives the picture and the seconds until the last of them was done. */
export class Threads {
  private readonly workers: readonly Worker[]
  private readonly size: number

  private constructor(workers: readonly Worker[], size: number) {
    this.workers = workers
    this.size = size
  }

  static async start(count: number, setup: Setup): Promise<Threads> {
    const workers = Array.from({ length: count }, () => new Worker(new URL('./rows-worker.ts', import.meta.url), { workerData: setup }))
    await Promise.all(workers.map(answer))
    return new Threads(workers, setup.size)
  }

  async render(spp: number, seed: number): Promise<{ readonly picture: Float32Array; readonly seconds: number }> {
    const picture = new Float32Array(this.size * this.size * 3)
    let next = 0
    const start = performance.now()
    await Promise.all(
      this.workers.map(async worker => {
        while (next < this.size) {
          const first = next
          next += BAND
          worker.postMessage({ spp, seed, rows: [first, next] } satisfies Work)
          picture.set(await answer(worker), first * this.size * 3)
        }
      }),
    )
    const seconds = (performance.now() - start) / 1000
    return { picture, seconds }
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.map(w => w.terminate()))
  }
}

/** The next message of a thread; its error, if that comes first. */
const answer = async (worker: Worker): Promise<Float32Array> => (await once(worker, 'message'))[0]
