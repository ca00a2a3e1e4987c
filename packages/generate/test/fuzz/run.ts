/** Random scenes by their seeds, on threads that are stopped when a scene takes too long. */
import { Worker } from 'node:worker_threads'
import type { Outcome } from './trial.ts'

/** Seconds that a scene may take on a machine that does other things, too; they take about 0.3. */
const LIMIT = 120

/** Makes the scenes of `seeds`, each in one of `threads` threads; `told` hears of each. A scene that hangs or kills its thread is an outcome with that fault. */
export async function runSeeds(seeds: readonly number[], threads: number, told: (outcome: Outcome) => void = () => {}): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const rest = [...seeds]
  await Promise.all(
    Array.from({ length: threads }, async () => {
      let worker: Worker | null = null
      for (let seed = rest.shift(); seed !== undefined; seed = rest.shift()) {
        worker ??= new Worker(new URL('./worker.ts', import.meta.url))
        const outcome = await one(worker, seed)
        if (outcome.result === 'lost') {
          await worker.terminate()
          worker = null
        }
        outcomes.push(outcome)
        told(outcome)
      }
      await worker?.terminate()
    }),
  )
  return outcomes.sort((a, b) => a.seed - b.seed)
}

function one(worker: Worker, seed: number): Promise<Outcome> {
  return new Promise(resolve => {
    const finish = (outcome: Outcome) => {
      clearTimeout(timer)
      worker.off('message', finish).off('error', died).off('exit', stopped)
      resolve(outcome)
    }
    const lost = (fault: string) => finish({ seed, result: 'lost', faults: [fault], milliseconds: LIMIT * 1000 })
    const died = (e: unknown) => lost(`its thread died: ${e instanceof Error ? e.stack : e}`)
    const stopped = (code: number) => lost(`its thread stopped with code ${code}`)
    const timer = setTimeout(() => lost(`it was not done after ${LIMIT} s`), LIMIT * 1000)
    worker.on('message', finish).on('error', died).on('exit', stopped)
    worker.postMessage(seed)
  })
}
