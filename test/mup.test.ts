// examples/mup.ts: a model of one's own needs at most ten lines for muP, and a rate of the narrow model serves wide ones. docs/mup.md shows it as it is.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { train } from '../examples/mup.ts'

const text = readFileSync(new URL('../examples/mup.ts', import.meta.url), 'utf8')

test('at most ten lines are of muP, and without them it is a plain model', () => {
  const marked = text.split('\n').filter(line => line.includes('// muP'))
  expect(marked.length).toBeGreaterThan(3)
  expect(marked.length).toBeLessThanOrEqual(10)
  const plain = text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .filter(line => !line.includes('// muP'))
  expect(plain.join('\n')).not.toMatch(/mup|scaleUpdates|nn\.dim/)
})

test('at one rate, wider is better', async () => {
  const losses = []
  for (const width of [32, 64, 128]) losses.push(await train(width, 2 ** -7))
  expect(losses[1], `${losses}`).toBeLessThan(losses[0]!)
  expect(losses[2], `${losses}`).toBeLessThan(losses[1]!)
})

test('docs/mup.md shows the example', () => {
  expect(readFileSync(new URL('../docs/mup.md', import.meta.url), 'utf8')).toContain(`\`\`\`ts\n${text}\`\`\``)
})
