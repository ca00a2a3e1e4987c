// examples/agent.ts: any part of an agent is swapped in at most twenty lines, and every agent learns the maze. docs/agent.md: its program runs, its glossary is the code's.
import { readFileSync } from 'node:fs'
import { GLOSSARY, glossaryTable } from '@dioramic/learn/agent'
import { Key } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { agents, live } from '../examples/agent.ts'
import { runProgram } from './program.ts'

const text = readFileSync(new URL('../examples/agent.ts', import.meta.url), 'utf8')

test.each(Object.keys(agents) as (keyof typeof agents)[])('%s', async name => {
  const body = new RegExp(`'${name}': [\\s\\S]*?\\n {2}},\\n`).exec(text)![0]
  expect(body.trim().split('\n').length).toBeLessThanOrEqual(20)
  // The shortest way has 14 steps, random moves need 869; some of the agents explore one move in five.
  const steps = await live(name, name.includes('softmax') ? 60 : 8, Key.fromSeed(2))
  expect(Math.min(...steps.slice(-4))).toBeLessThan(60)
})

const docs = readFileSync(new URL('../docs/agent.md', import.meta.url), 'utf8')

test('the program of docs/agent.md learns the maze', () => {
  const steps = runProgram(docs).map(Number)
  expect(steps).toHaveLength(10)
  for (const s of steps.slice(-4)) expect(s).toBeLessThan(30)
})

test('the glossary of docs/agent.md is that of the code', () => {
  expect(docs).toContain(glossaryTable())
  expect(GLOSSARY.length).toBeGreaterThan(10)
})
