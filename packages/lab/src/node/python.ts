/** What Python has to compare with, where there is one. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** The interpreter: of the variable DIORAMA_PYTHON, else `python3`. */
export const python = process.env['DIORAMA_PYTHON'] ?? 'python3'

const known = new Map<string, boolean>()

/** Whether it has some modules, commas between. */
export function pythonHas(modules: string): boolean {
  const found = known.get(modules) ?? spawnSync(python, ['-c', `import ${modules}`]).status === 0
  known.set(modules, found)
  return found
}

/** Asks a script of this folder. @throws Error with the last line of what Python said */
export function askPython<T>(question: object, script = 'peers.py'): T {
  const run = spawnSync(python, [join(import.meta.dirname, script)], {
    input: JSON.stringify(question),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  })
  if (run.status !== 0) throw new Error(`${python} failed: ${run.stderr.trim().split('\n').at(-1)}`)
  return JSON.parse(run.stdout) as T
}
