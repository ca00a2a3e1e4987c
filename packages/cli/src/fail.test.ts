import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { EXIT, exitCodeOf } from './fail.ts'

const packages = fileURLToPath(new URL('../..', import.meta.url))

/** Names of the error classes of a package. */
const errorsOf = (name: string): string[] =>
  readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(f => f.endsWith('.ts') && !f.endsWith('.test.ts'))
    .flatMap(f =>
      Array.from(readFileSync(join(packages, name, 'src', f), 'utf8').matchAll(/override readonly name = '(\w+)'/g), m => m[1]!),
    )

test('errors that the methods throw are the caller’s to mend, not faults of Diorama', () => {
  const names = ['learn', 'lab', 'tensor'].flatMap(errorsOf)
  expect(names.length).toBeGreaterThan(10)
  for (const name of names) expect(exitCodeOf(Object.assign(new Error('x'), { name })), name).toBe(EXIT.usage)
})
