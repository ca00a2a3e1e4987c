// The tables of docs/*.md are those of docs/evidence (node scripts/figures.ts writes them).
import { claimsMarkdown } from '@dioramic/lab'
import { expect, test } from 'vitest'
import { stale } from '../scripts/figures.ts'

test('no table of the docs differs from its evidence', () => {
  expect([...stale().keys()]).toEqual([])
})

test('what missed is bold, what is only reported has no target', () => {
  const claim = { value: 2, interval: [1, 3] as const }
  const text = claimsMarkdown({
    name: 'x',
    command: 'diorama lab run x',
    version: '1',
    machine: {},
    seeds: 1,
    quick: false,
    seconds: 1,
    claims: [
      { ...claim, claim: 'a | b', target: { atLeast: 2 }, holds: false },
      { ...claim, claim: 'c', target: { atMost: 3 }, holds: true },
      { ...claim, claim: 'd', target: null, holds: null },
    ],
  })
  expect(text.split('\n').slice(-3)).toEqual(['| a \\| b | **2 [1, 3]** | ≥ 2 |', '| c | 2 [1, 3] | ≤ 3 |', '| d | 2 [1, 3] | – |'])
  expect(text).toContain('1 of 2 targets hold')
})
