import { i64 } from '@dioramic/tensor'
import { expect, it } from 'vitest'
import { characterTokeniser } from './characters.ts'
import { encodeDocuments } from './corpus.ts'
import { floorsOf } from './floors.ts'

it('floors are the counts', () => {
  const train = { tokens: i64([0, 1, 0, 1, 0, 2]), starts: [0] }
  const held = { tokens: i64([0, 1, 0, 2]), starts: [0] }
  const f = floorsOf(train, held, 3)
  expect(f.uniform).toBeCloseTo(Math.log(3), 12)
  // Counts and 1: 4, 3 and 2 of 9.
  expect(f.unigram).toBeCloseTo(-(2 * Math.log(4 / 9) + Math.log(3 / 9) + Math.log(2 / 9)) / 4, 12)
  // After 0: 1 twice and 2 once, after 1: 0 twice; each and 1.
  expect(f.bigram).toBeCloseTo(-(Math.log(3 / 6) + Math.log(3 / 5) + Math.log(2 / 6)) / 3, 12)
  // After 0 1: 0 twice; after 1 0: 1 once, 2 once; each and 0.1.
  expect(f.trigram).toBeCloseTo(-(Math.log(2.1 / 2.3) + Math.log(1.1 / 2.3)) / 2, 12)
})

it('a model of fewer contexts is not better by more of the same text', () => {
  const tokeniser = characterTokeniser(['abc '])
  const text = encodeDocuments(tokeniser, ['abc cab '.repeat(200)])
  const f = floorsOf(text, text, tokeniser.size)
  expect(f.uniform).toBeGreaterThan(f.bigram)
  expect(f.bigram).toBeGreaterThan(f.trigram)
})
