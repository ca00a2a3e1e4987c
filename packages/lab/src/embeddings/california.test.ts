import { expect, test } from 'vitest'
import { paperSplit } from './california.ts'
import { mersenneTwister, numpyPermutation } from './numpy-random.ts'

test("NumPy's random numbers of seed 0, and its permutation", () => {
  const next = mersenneTwister(0)
  expect(Array.from({ length: 5 }, next)).toEqual([2357136044, 2546248239, 3071714933, 3626093760, 2588848963])
  expect([...numpyPermutation(10, 0)]).toEqual([2, 8, 4, 9, 1, 6, 7, 3, 0, 5])
})

test('the rows of the paper', () => {
  const { train, validation, test: held } = paperSplit(20_640)
  expect([train.length, validation.length, held.length]).toEqual([13_209, 3_303, 4_128])
  expect([...train.subarray(0, 4), ...validation.subarray(0, 4), ...held.subarray(0, 4)]).toEqual([
    2362, 6454, 18708, 17976, 18895, 16733, 2196, 8656, 14740, 10101, 20566, 2670,
  ])
  expect([train, validation, held].map(r => r.reduce((a, b) => a + b, 0))).toEqual([136_686_229, 33_785_731, 42_522_520])
})
