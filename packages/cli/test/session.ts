/**
 * Commands one after another in one process that has loaded them: starting a process takes longer than most of them. What only the whole command shows
 * (its exit, signals, what it loads by itself) is for `diorama` and `start`.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Outcome, root } from './diorama.ts'

export interface Asked {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

export interface Told extends Outcome {
  /** What would have kept a process of its own from ending. */
  readonly left: readonly string[]
}

const PROCESS = fileURLToPath(new URL('session-process.ts', import.meta.url))

export function session() {
  let child: ChildProcess | undefined
  const begin = () =>
    fork(PROCESS, {
      execArgv: ['--conditions=@dioramic/source'],
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })

  /** As `diorama`, and fails where the process would not have ended. One at a time. */
  function ask(args: readonly string[], { cwd = root, env = {} }: { cwd?: string; env?: Record<string, string> } = {}): Promise<Outcome> {
    const own = (child ??= begin())
    return new Promise((resolve, reject) => {
      let noise = ''
      const heard = (d: Buffer) => (noise += String(d))
      const died = (code: number | null, signal: string | null) =>
        reject(new Error(`${args.join(' ')} ended the process (${code ?? signal}): ${noise}`))
      own.stderr!.on('data', heard)
      own.once('exit', died)
      own.once('message', message => {
        own.off('exit', died)
        own.stderr!.off('data', heard)
        const { left, ...outcome } = message as Told
        if (left.length > 0) reject(new Error(`${args.join(' ')} left ${left.join(', ')}: its process would not have ended`))
        else resolve(outcome)
      })
      own.send({ args, cwd, env } satisfies Asked)
    })
  }

  return { ask, end: () => child?.kill() }
}
