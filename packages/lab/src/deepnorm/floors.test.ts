import { expect, test } from 'vitest'
import { countingFloors } from './floors.ts'

test('floors of counting are the logarithms of the counts, each one more', () => {
  // Of 0 1 0 1 0: three 0 and two 1 among five; after 0 always 1, after 1 always 0, twice each.
  const { unigram, bigram } = countingFloors([0, 1, 0, 1, 0], [0, 1], [1, 1], 2)
  expect(unigram).toBeCloseTo(-Math.log(3 / 7), 12)
  expect(bigram).toBeCloseTo(-(Math.log(3 / 4) + Math.log(1 / 4)) / 2, 12)
})
