import { expect, test } from 'vitest'
import { exact, judge, mean, ratioOfPairs, share } from './evidence.ts'

test('intervals are those of the textbooks', () => {
  // t(0.975, 4) = 2.776; deviation of 1 … 5 is √2.5.
  const m = mean('m', [1, 2, 3, 4, 5])
  expect(m.value).toBe(3)
  expect(m.interval[1] - 3).toBeCloseTo((2.776 * Math.sqrt(2.5)) / Math.sqrt(5), 10)
  // Wilson, 285 of 300 at 95 %: 0.9192 … 0.9694.
  const w = share('w', 285, 300)
  expect(w.interval[0]).toBeCloseTo(0.9192, 3)
  expect(w.interval[1]).toBeCloseTo(0.9694, 3)
  expect(share('none', 0, 10).interval[0]).toBe(0)
})

test('the bound is judged, not the mean', () => {
  const m = mean('m', [0.9, 1.1])
  expect(judge(m, { atMost: 1.2 }).holds).toBe(false)
  expect(judge(m, { atMost: 2.5 }).holds).toBe(true)
  expect(judge(m, undefined).holds).toBe(null)
  expect(judge(exact('e', 7), { atLeast: 7, atMost: 7 }).holds).toBe(true)
})

test('the quick form claims what it is said to, or nothing', () => {
  const m = mean('m', [0.9, 1.1])
  expect(judge(m, { atMost: 1.2, quick: { atMost: 2.5 } }, true)).toMatchObject({ holds: true, target: { atMost: 2.5 } })
  expect(judge(m, { atMost: 1.2, quick: null }, true)).toMatchObject({ holds: null, target: null })
  expect(judge(m, { atMost: 1.2, quick: null })).toMatchObject({ holds: false, target: { atMost: 1.2 } })
  expect(judge(m, { atMost: 1.2 }, true).holds).toBe(false)
})

test('ratios of pairs: 2 and 8 over 1 are 4 on average, either way round', () => {
  const [up, down] = [ratioOfPairs('r', [2, 8], [1, 1]), ratioOfPairs('r', [1, 1], [2, 8])]
  expect(up.value).toBeCloseTo(4, 10)
  expect(down.interval[0]).toBeCloseTo(1 / up.interval[1], 10)
})
