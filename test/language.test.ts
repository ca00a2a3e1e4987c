// docs/language.md: its program runs and writes what it says, the texts that it names are there.
import { readFileSync } from 'node:fs'
import { SOURCES } from '@dioramic/learn/node/language'
import { expect, test } from 'vitest'
import { runProgram } from './program.ts'

const docs = readFileSync(new URL('../docs/language.md', import.meta.url), 'utf8')

test('the program of docs/language.md learns its text', () => {
  const [bits, ...text] = runProgram(docs)
  expect(Number(bits)).toBeLessThan(0.5)
  expect(text.join('\n')).toBe(/decode\(tokens\)\) \/\/ (.*)/.exec(docs)![1])
})

test('the texts that docs/language.md names are those of the code', () => {
  const rows = [...docs.matchAll(/^\| (`.*?) \|.*`[a-z@/-]+` \|$/gm)].flatMap(([, names]) =>
    [...names!.matchAll(/`([a-z-]+)`/g)].map(m => m[1]!),
  )
  expect(rows.length).toBeGreaterThan(8)
  for (const name of rows) expect(SOURCES).toHaveProperty(name)
})
