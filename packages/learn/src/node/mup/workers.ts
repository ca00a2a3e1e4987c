/** Processes that work on a list of trials. */
import { type ChildProcess, fork } from 'node:child_process'
import { MupError } from '../../mup/index.ts'
import type { TrialJob, TrialRecord } from './trial.ts'

const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

type Answer = { readonly ready: true } | { readonly record: TrialRecord } | { readonly error: string; readonly name: string }

/** Runs jobs on `count` processes; the outcome does not depend on how many there are. `onRecord` is told as they end. @throws Error of the first job that fails, all processes ended */
export async function runJobs(
  module: string,
  jobs: readonly TrialJob[],
  count: number,
  onRecord: (job: TrialJob, record: TrialRecord) => void,
): Promise<void> {
  const queue = [...jobs]
  const processes: ChildProcess[] = []
  const work = () =>
    new Promise<void>((done, fail) => {
      const child = fork(file, [module], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
      processes.push(child)
      let said = ''
      child.stderr!.on('data', d => {
        said = `${said}${d}`.slice(-4000)
      })
      let job: TrialJob | undefined
      let finished = false
      child.on('message', (answer: Answer) => {
        if ('error' in answer) {
          fail(new MupError(`the trial ${JSON.stringify(job?.settings)} at width ${job?.width} failed: ${answer.name}: ${answer.error}`))
          return
        }
        if ('record' in answer) onRecord(job!, answer.record)
        job = queue.shift()
        if (job) child.send(job)
        else {
          finished = true
          child.disconnect()
        }
      })
      child.on('exit', code =>
        finished ? done() : fail(new MupError(`a worker ended (${code ?? 'killed'})${said === '' ? '' : `: ${said.trim()}`}`)),
      )
    })
  try {
    await Promise.all(Array.from({ length: Math.min(count, jobs.length) }, work))
  } finally {
    for (const child of processes) if (child.exitCode === null && child.signalCode === null) child.kill()
  }
}
