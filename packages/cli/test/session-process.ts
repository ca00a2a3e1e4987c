/** A process that has loaded the command and runs it again and again, as messages ask. */
import { setTimeout } from 'node:timers/promises'
import { run } from '../src/program.ts'
import type { Asked, Told } from './session.ts'

/** What would keep this process from ending. Files and threads that are being closed may take a moment. */
async function held(): Promise<string[]> {
  let left: string[] = []
  for (let tries = 0; tries < 100; tries++) {
    // The two pipes of the output, the channel of messages.
    left = process.getActiveResourcesInfo().filter(name => name !== 'PipeWrap')
    if (left.length === 0) break
    await setTimeout(20)
  }
  return left
}

process.on('message', async ({ args, cwd, env }: Asked) => {
  process.chdir(cwd)
  const before = { ...process.env }
  Object.assign(process.env, env)
  const written = { out: '', err: '' }
  const listeners = process.stdout.listeners('error')
  for (const [stream, name] of [
    [process.stdout, 'out'],
    [process.stderr, 'err'],
  ] as const)
    stream.write = (text: string | Uint8Array) => {
      written[name] += typeof text === 'string' ? text : Buffer.from(text).toString()
      return true
    }
  const code = await run(args)
  // The command hears errors of its output as long as its process lives.
  for (const l of process.stdout.listeners('error')) if (!listeners.includes(l)) process.stdout.off('error', l as () => void)
  for (const key of Object.keys(env)) {
    if (before[key] === undefined) delete process.env[key]
    else process.env[key] = before[key]
  }
  const told: Told = { code, ...written, left: await held() }
  process.send!(told)
})
