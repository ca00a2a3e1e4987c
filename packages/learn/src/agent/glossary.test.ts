import { expect, test } from 'vitest'
import * as agent from './index.ts'

test('every term has a name in AI, and what it says of the code is there', () => {
  const types = new Set([
    'World',
    'Outcome',
    'Perception',
    'ReactivePolicy',
    'ValueFunction',
    'ActionValueFunction',
    'Critic',
    'TransitionModel',
    'Planner',
  ])
  expect(new Set(agent.GLOSSARY.map(e => e.term)).size).toBe(agent.GLOSSARY.length)
  for (const entry of agent.GLOSSARY) {
    expect(entry.ai.length, entry.term).toBeGreaterThan(0)
    for (const name of entry.code?.match(/[A-Z]\w{2,}/g) ?? [])
      expect(types.has(name) || name in agent, `${entry.term}: ${name}`).toBe(true)
  }
})

test('as a table: all disciplines, or one', () => {
  expect(agent.glossaryTable().split('\n')).toHaveLength(agent.GLOSSARY.length + 2)
  const control = agent.glossaryTable('control')
  expect(control).toMatch(/\| value function +\| predicts the reward to come +\| cost-to-go, Bellman function +\|/)
  expect(control).not.toContain('dopamine')
  expect(() => agent.glossaryTable('physics')).toThrow('there are psychology')
})
