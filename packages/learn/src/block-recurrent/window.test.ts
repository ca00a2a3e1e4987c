import { expect, test } from 'vitest'
import { bucketOf, windowMask } from './window.ts'

test('a token sees the w tokens before it and not itself', () => {
  const rows = (w: number) => windowMask(w).map(r => r.map(Number).join(''))
  expect(rows(2)).toEqual(['1100', '0110'])
  expect(rows(3)).toEqual(['111000', '011100', '001110'])
  for (const w of [1, 2, 3, 16])
    windowMask(w).forEach((row, q) => {
      expect(row.filter(Boolean).length).toBe(w)
      expect(row[q + w]).toBe(false)
    })
})

test('buckets of T5, one-directional, 32 up to 128', () => {
  const want = {
    0: 0,
    1: 1,
    15: 15,
    16: 16,
    18: 16,
    19: 17,
    20: 17,
    21: 18,
    24: 19,
    31: 21,
    32: 21,
    48: 24,
    64: 26,
    96: 29,
    100: 30,
    112: 30,
    113: 31,
    127: 31,
    500: 31,
  }
  for (const [n, bucket] of Object.entries(want)) expect(bucketOf(Number(n)), n).toBe(bucket)
  const first = Array.from({ length: 16 }, (_, i) => Array.from({ length: 200 }, (_, n) => n).find(n => bucketOf(n) === 16 + i))
  expect(first).toEqual([16, 19, 21, 24, 27, 31, 35, 40, 46, 52, 59, 67, 77, 87, 99, 113])
})
