import { expect, test } from 'vitest'
import { random } from '../reference/random.ts'
import { chiSquare, gammaQ } from './chi-square.ts'

test('the tail of χ² is that of the tables', () => {
  // Abramowitz and Stegun, table 26.8: χ² with 10, 1 and 100 degrees of freedom at 5, 1 and 0.1 %.
  expect(gammaQ(5, 18.307 / 2)).toBeCloseTo(0.05, 5)
  expect(gammaQ(0.5, 6.6349 / 2)).toBeCloseTo(0.01, 5)
  expect(gammaQ(50, 149.449 / 2)).toBeCloseTo(0.001, 6)
  // Two degrees of freedom: e^(−x/2).
  for (const x of [0.1, 1, 5, 30]) expect(gammaQ(1, x / 2) / Math.exp(-x / 2)).toBeCloseTo(1, 10)
})

test('p is uniform when the model holds, and nought when it is 10 % off', () => {
  const next = random(3)
  const cells = 40
  const run = (bend: number) => {
    const counts = new Float64Array(cells)
    for (let i = 0; i < 40_000; i++) {
      const u = next()
      counts[Math.min(cells - 1, Math.floor((u + bend * u * (1 - u)) * cells))]! += 1
    }
    return chiSquare(counts, new Float64Array(cells).fill(1))
  }
  const ps = Array.from({ length: 400 }, () => run(0))
  for (const level of [0.05, 0.3, 0.7]) {
    const share = ps.filter(p => p < level).length / ps.length
    expect(Math.abs(share - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / ps.length))
  }
  expect(run(0.1)).toBeLessThan(1e-9)
  // Counts where nothing is expected.
  expect(chiSquare([1000, 300, 1000], [1, 0, 1])).toBeLessThan(0.01)
})
