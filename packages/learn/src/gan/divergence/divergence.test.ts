import { Key } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { normals } from '../../theory/algebra/random.ts'
import { conjugates } from '../losses/f-divergence.ts'
import { fDivergenceOf, gameValue, jensenShannon, kl, totalVariation, wassersteinOnLine } from './discrete.ts'
import { bestDiscriminator, gaussianJensenShannon, gaussianKl, gaussianTotalVariation, gaussianWasserstein2 } from './gaussians.ts'
import { JS_TABLE } from './js-table.ts'
import { slicedWasserstein, wassersteinOfSamples } from './samples.ts'

const N = (mean: number, deviation = 1) => ({ mean, deviation })

test('the Jensen–Shannon divergence of equal Gaussians saturates as the table says', () => {
  for (const [ratio, nats] of JS_TABLE) {
    expect(gaussianJensenShannon(N(0), N(ratio)), `μ/σ = ${ratio}`).toBeCloseTo(nats, 7)
    // It depends on the ratio alone, and not on the order.
    expect(gaussianJensenShannon(N(10 * ratio, 10), N(0, 10))).toBeCloseTo(nats, 7)
  }
  expect(gaussianJensenShannon(N(0), N(80))).toBeCloseTo(Math.LN2, 12)
})

test('finite distributions', () => {
  expect(jensenShannon([1, 0], [0, 1])).toBeCloseTo(Math.LN2, 12)
  expect(jensenShannon([0.5, 0.5], [1, 0])).toBeCloseTo(0.215762, 6)
  const [p, q] = [
    [0.2, 0.5, 0.3],
    [0.1, 0.1, 0.8],
  ]
  expect(jensenShannon(p, p)).toBe(0)
  expect(jensenShannon(p, q)).toBeCloseTo(jensenShannon(q, p), 12)
  expect(kl(p, q)).toBeCloseTo(0.2 * Math.log(2) + 0.5 * Math.log(5) + 0.3 * Math.log(3 / 8), 12)
  expect(kl([0.5, 0.5], [1, 0])).toBe(Infinity)
  expect(totalVariation(p, q)).toBeCloseTo(0.5, 12)
  expect(wassersteinOnLine(p, q)).toBeCloseTo(0.1 + 0.5, 12)
  expect(wassersteinOnLine(p, q, [0, 10, 11])).toBeCloseTo(1 + 0.5, 12)
  expect(fDivergenceOf(conjugates.kl.f, p, q)).toBeCloseTo(kl(p, q), 12)
  expect(fDivergenceOf(conjugates['reverse-kl'].f, p, q)).toBeCloseTo(kl(q, p), 12)
  expect(fDivergenceOf(conjugates['jensen-shannon'].f, p, q)).toBeCloseTo(2 * jensenShannon(p, q), 12)
  expect(fDivergenceOf(conjugates.gan.f, p, q)).toBeCloseTo(gameValue(jensenShannon(p, q)), 12)
  expect(() => kl([0.5, 0.6], [1, 0])).toThrow(/first distribution sums to 1.1, not to 1/)
  expect(() => kl([1], [1, 0])).toThrow(/1 and 2 outcomes/)
})

test('closed forms of Gaussians, and the best discriminator', () => {
  expect(gaussianKl(N(3), N(0))).toBeCloseTo(4.5, 12)
  expect(gaussianTotalVariation(N(0), N(2))).toBeCloseTo(0.6826894921, 6)
  expect(gaussianWasserstein2(N(1, 2), N(4, 3))).toBe(10)
  const best = bestDiscriminator(N(0), N(2))
  for (const x of [-1, 0.3, 2]) expect(best(x)).toBeCloseTo(1 / (1 + Math.exp(-(2 - 2 * x))), 12)
  expect(gameValue(gaussianJensenShannon(N(0), N(2)))).toBeCloseTo(-0.712633, 6)
})

test('Wasserstein distances of samples', () => {
  expect(wassersteinOfSamples([0, 1, 2], [5, 6, 7])).toBeCloseTo(5, 12)
  expect(wassersteinOfSamples([0, 0, 1], [1])).toBeCloseTo(2 / 3, 12)
  expect(wassersteinOfSamples([0, 1], [0, 0, 1, 1])).toBeCloseTo(0, 12)
  // Of rows moved by v the sliced distance is the mean of |u·v| over directions: in the plane 2/π.
  const key = Key.fromSeed(4)
  const at = normals(key, 400)
  const rows = Array.from({ length: 200 }, (_, i) => [at[2 * i]!, at[2 * i + 1]!])
  const moved = rows.map(([x, y]) => [x! + 3, y! - 4])
  // Its deviation over 2,000 directions is 0.034.
  expect(Math.abs(slicedWasserstein(rows, moved, key, 2000) - (5 * 2) / Math.PI)).toBeLessThan(0.12)
  expect(slicedWasserstein(rows, rows, key)).toBe(0)
})
