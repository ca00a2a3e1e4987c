import { spawnSync } from 'node:child_process'
import { expect, type TestContext } from 'vitest'

/** The interpreters tried, best first. Debian's own has torch. */
const CANDIDATES = [process.env['DIORAMA_PYTHON'] ?? 'python3', '/usr/bin/python3']
const found = new Map<string, string | undefined>()

/** The interpreter that imports `modules` ("numpy, torch"); undefined where none does. */
export function interpreter(modules: string): string | undefined {
  if (!found.has(modules))
    found.set(
      modules,
      CANDIDATES.find(p => spawnSync(p, ['-c', `import ${modules}`], { encoding: 'utf8' }).status === 0),
    )
  return found.get(modules)
}

/** Only ends one that hangs, on a busy machine too. */
const TIMEOUT = process.env['DIORAMA_LONG'] === undefined ? 280_000 : 1_200_000

/** Runs a script that must print "ok". Skips the test, with the reason, where no interpreter has the modules it needs. */
export function python(context: TestContext, modules: string): (script: string, ...args: string[]) => string {
  const command = interpreter(modules)
  if (!command) return context.skip(`no Python has all of ${modules}: pip install them, or set DIORAMA_PYTHON`)
  return (script, ...args) => {
    const run = spawnSync(command, [script, ...args], { encoding: 'utf8', timeout: TIMEOUT })
    expect(run.stderr + run.stdout).toMatch(/^ok/m)
    expect(run.status).toBe(0)
    return run.stdout
  }
}
