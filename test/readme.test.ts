// The README's programs are the examples, and its commands exist.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')
const readme = read('README.md')
const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1]

test('the world in the README is examples/my-world.ts', () => {
  expect(block('ts')).toBe(read('examples/my-world.ts'))
})

test('the reader in the README is examples/read.py, of at most fifteen lines', () => {
  expect(block('python')).toBe(read('examples/read.py'))
  expect(read('examples/read.py').trim().split('\n').length).toBeLessThanOrEqual(15)
})

test('every npm script that the README names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  for (const [, name] of readme.matchAll(/npm run ([a-z:]+)/g)) expect(scripts).toHaveProperty([name!])
})

test('every document and picture that the README links to is there', () => {
  for (const [, path] of readme.matchAll(/\]\((?!http)([^)]+)\)/g)) expect(existsSync(`${root}/${path}`), path).toBe(true)
})
