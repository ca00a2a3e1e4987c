import { expect, test } from 'vitest'
import { nearest, suggest } from './suggest.ts'

const known = ['marble', 'granite', 'brushed-metal', 'movi-a', 'tabletop']

test.each([
  ['mrable', 'marble'],
  ['Granit', 'granite'],
  ['brushed', 'brushed-metal'],
  ['movia', 'movi-a'],
  ['tabeltop', 'tabletop'],
])('%s means %s', (typed, meant) => {
  expect(nearest(typed, known)).toBe(meant)
  expect(suggest(typed, known)).toBe(`did you mean "${meant}"? (known: ${known.join(', ')})`)
})

test('what is near nothing is not guessed', () => {
  expect(nearest('xyzzy', known)).toBeNull()
  expect(suggest('xyzzy', known)).toBe(`known: ${known.join(', ')}`)
  expect(suggest('x', [])).toBe('there are none')
})

test('long lists are cut', () => {
  const text = suggest(
    'zz',
    Array.from({ length: 70 }, (_, i) => `asset-${i}`),
  )
  expect(text).toContain('asset-59, and 10 more')
})
