/** Measurements in a process of their own: what a process holds says nothing of one of its jobs where others were before. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Runs a script of this package, from source; `asked` is its `question()`, what it gives to `answer` comes back. @throws Error where it fails, with what it said */
export function ownProcess<Q, A>(script: URL, asked: Q): A {
  const file = fileURLToPath(script)
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=@dioramic/source', file, JSON.stringify(asked)], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${file} failed: ${stderr.trim()}`)
  return JSON.parse(stdout) as A
}

/** In such a script: what was asked. */
export const question = <Q>(): Q => JSON.parse(process.argv[2]!) as Q

/** In such a script: what was found, as the only output. */
export const answer = (found: unknown): void => {
  process.stdout.write(JSON.stringify(found))
}
