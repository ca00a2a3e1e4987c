// examples/agent.ts: any part of an agent is swapped in at most twenty lines, and every agent learns the maze.
import { readFileSync } from 'node:fs'
import { Key } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { agents, live } from '../examples/agent.ts'

const text = readFileSync(new URL('../examples/agent.ts', import.meta.url), 'utf8')

test.each(Object.keys(agents) as (keyof typeof agents)[])('%s', async name => {
  const body = new RegExp(`'${name}': [^]*?\\n {2}},\\n`).exec(text)![0]
  expect(body.trim().split('\n').length).toBeLessThanOrEqual(20)
  // The shortest way has 14 steps, random moves need 869; some of the agents explore one move in five.
  const steps = await live(name, name.includes('softmax') ? 60 : 8, Key.fromSeed(2))
  expect(Math.min(...steps.slice(-4))).toBeLessThan(60)
})
