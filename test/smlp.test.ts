// docs/smlp.md: its program runs, and experts are in it by at most ten lines.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = /```ts\n([\s\S]*?)```/.exec(readFileSync(new URL('../docs/smlp.md', import.meta.url), 'utf8'))![1]!

test('the program of docs/smlp.md learns its text, with at most ten lines of experts', () => {
  expect(program.split('\n').filter(l => l.endsWith('// +')).length).toBeLessThanOrEqual(10)
  const out = execFileSync(process.execPath, ['--conditions=@dioramic/source', '--input-type=module-typescript', '-e', program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { loss, dropped, entropy, largestLoad } = JSON.parse(out) as Record<string, number>
  expect(loss).toBeLessThan(0.5)
  expect(dropped! >= 0 && dropped! < 1).toBe(true)
  expect(entropy! > 0 && entropy! <= Math.log(4)).toBe(true)
  expect(largestLoad! >= 1 && largestLoad! <= 4).toBe(true)
})
