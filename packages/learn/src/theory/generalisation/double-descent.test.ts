import { Key } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { finiteRisk, limitRisk, sampledRisk } from './double-descent.ts'

test('the limit and the finite formula have their known values', () => {
  const model = { signal: 1, noise: 1 }
  const values = [0.2, 0.5, 0.9, 1.1, 2, 5].map(g => limitRisk(g, model))
  for (const [i, v] of [0.25, 1, 9, 10.090909090909092, 1.5, 1.05].entries()) expect(values[i]).toBeCloseTo(v, 10)
  for (const [p, v] of [
    [20, 0.2532],
    [50, 1.0204],
    [80, 4.2105],
    [120, 5.4298],
    [200, 1.5101],
    [500, 1.0506],
  ] as const)
    expect(finiteRisk(100, p, model)).toBeCloseTo(v, 3)
  expect(finiteRisk(100, 100, model)).toBe(Infinity)
})

test('without noise, fewer features than samples are found exactly', () => {
  expect(sampledRisk(30, 10, { signal: 2, noise: 0 }, Key.fromSeed(1))).toBeLessThan(1e-20)
})

test('the mean of 200 draws is the formula', () => {
  for (const p of [15, 90]) {
    const draws = Array.from({ length: 200 }, (_, i) => sampledRisk(30, p, { signal: 1, noise: 1 }, Key.fromSeed(p).fork(i)))
    const expected = finiteRisk(30, p, { signal: 1, noise: 1 })
    expect(Math.abs(draws.reduce((a, b) => a + b, 0) / 200 / expected - 1)).toBeLessThan(0.12)
  }
})
