import { describe, expect, test } from 'vitest'
import { compare } from './compare.ts'
import { random } from './random.ts'
import { incompleteBeta, sidak, studentTwoSided, welch } from './statistics.ts'
import type { Estimate, Reference } from './trace.ts'

test('Student’s distribution at tabulated points', () => {
  // Two-sided 5 % and 1 % points (Abramowitz and Stegun, table 26.10).
  for (const [t, dof, p] of [
    [12.706, 1, 0.05],
    [2.228, 10, 0.05],
    [3.169, 10, 0.01],
    [2.042, 30, 0.05],
    [1.98, 120, 0.05],
  ] as const) {
    expect(studentTwoSided(t, dof)).toBeCloseTo(p, 3)
  }
  expect(incompleteBeta(2, 3, 0.4)).toBeCloseTo(0.5248, 10)
})

test('Šidák: n tests at the corrected level err together with probability α', () => {
  for (const n of [1, 10, 1728]) expect(1 - (1 - sidak(0.001, n)) ** n).toBeCloseTo(0.001, 9)
})

test('p-values of equal normal means are uniform', () => {
  const r = random(3)
  const normal = () => Math.sqrt(-2 * Math.log(r())) * Math.cos(2 * Math.PI * r())
  const mean = (n: number) => {
    const x = Array.from({ length: n }, normal)
    const m = x.reduce((a, b) => a + b, 0) / n
    return { mean: m, variance: x.reduce((a, b) => a + (b - m) ** 2, 0) / (n - 1) / n, samples: n }
  }
  const below = [0, 0, 0]
  const n = 4000
  for (let i = 0; i < n; i++) {
    const p = welch(mean(32), mean(64), 0)
    for (const [k, level] of [0.01, 0.1, 0.5].entries()) if (p < level) below[k]!++
  }
  ;[0.01, 0.1, 0.5].forEach((level, k) => {
    expect(Math.abs(below[k]! / n - level)).toBeLessThan(4.5 * Math.sqrt((level * (1 - level)) / n))
  })
})

describe('the comparison finds what it should', () => {
  const size = 20
  const noisy = (samples: number, seed: number, truth: (i: number, j: number) => number): Estimate => {
    const r = random(seed)
    const n = size * size * 3
    const sigma = 0.3 / Math.sqrt(samples)
    const mean = Float64Array.from({ length: n }, (_, k) => {
      const p = Math.floor(k / 3)
      return truth(p % size, Math.floor(p / size)) + sigma * Math.sqrt(-2 * Math.log(r())) * Math.cos(2 * Math.PI * r())
    })
    return {
      width: size,
      height: size,
      mean,
      variance: new Float64Array(n).fill(sigma * sigma),
      samples: new Float64Array(n).fill(samples),
    }
  }
  const ramp = (i: number, j: number) => 0.2 + i / 40 + (j > 9 ? 0.5 : 0)
  const reference: Reference = { estimate: noisy(512, 1, ramp), refine: () => undefined }
  const verdict = (truth: typeof ramp) => compare('self', noisy(512, 2, truth), reference, 0.004)

  test('nothing where there is nothing', () => expect(verdict(ramp).message).toBe(''))
  test('a bias of 1.5 %', () => expect(verdict((i, j) => ramp(i, j) * 1.015).equal).toBe(false))
  test('one wrong pixel', () => expect(verdict((i, j) => ramp(i, j) + (i === 3 && j === 7 ? 0.15 : 0)).equal).toBe(false))
  test('a step moved by half a pixel', () => expect(verdict((i, j) => (j === 9 ? 0.45 + i / 40 : ramp(i, j))).equal).toBe(false))
})
