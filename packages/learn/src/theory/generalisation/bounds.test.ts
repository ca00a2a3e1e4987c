import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reluNet } from '../expressivity/relu-net.ts'
import {
  binaryKl,
  finiteClass,
  frobeniusComplexity,
  gaussianKl,
  hoeffding,
  klInverse,
  linearBallComplexity,
  pacBayes,
  pacBayesKl,
  rademacher,
  spectralComplexity,
  vc,
  vcDimensionOrder,
} from './bounds.ts'
import { bestTemperature, calibration, confusion, errorRate, softmaxRow } from './calibration.ts'

test('known values', () => {
  expect(hoeffding(1000, 0.05)).toBeCloseTo(0.042947, 6)
  expect(vc(10_000, 10, 0.05)).toBeCloseTo(0.26891, 5)
  expect(vc(100, 1e6, 0.05)).toBeCloseTo(Math.sqrt((8 / 100) * (200 * Math.LN2 + Math.log(80))), 10)
  expect(pacBayes(1000, 5, 0.05)).toBeCloseTo(0.077919, 6)
  expect(finiteClass(1000, 1, 0.05)).toBe(hoeffding(1000, 0.05))
  expect(rademacher(1000, linearBallComplexity(1000, 2, 3), 0.05)).toBeCloseTo(2 * (6 / Math.sqrt(1000)) + 3 * 0.042947, 5)
  expect(frobeniusComplexity(100, 1, [2, 3])).toBeCloseTo((6 * (2 * Math.sqrt(Math.LN2) + 1)) / 10, 10)
  expect(vcDimensionOrder(1024, 3)).toBe(1024 * 3 * 10)
  expect(gaussianKl(5, 3, 2, 2)).toBeCloseTo(3 / 8, 12)
  expect(gaussianKl(1, 0, Math.E, 1)).toBeCloseTo(0.5 * (Math.E ** 2 - 3), 12)
  expect(() => hoeffding(0, 0.05)).toThrow('at least one sample')
  expect(() => hoeffding(10, 1)).toThrow('δ is between 0 and 1')
})

test('the spectral complexity by hand', () => {
  // One layer 3·I: Lipschitz 3, (2,1)-norm of two rows 6, ratio 2: 10·3·2/(0.5·100).
  expect(spectralComplexity(reluNet([[[3, 0], [0, 3]], [0, 0]]), 10, 0.5, 100)).toBeCloseTo(1.2, 6) // biome-ignore format: a matrix
})

test('kl and its inverse', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.99, noNaN: true }), fc.double({ min: 1e-6, max: 3, noNaN: true }), (q, c) => {
      const p = klInverse(q, c)
      expect(p).toBeGreaterThanOrEqual(q)
      if (p < 1 - 1e-9) expect(binaryKl(q, p)).toBeCloseTo(c, 6)
      // Pinsker: the relaxed bound is never below.
      expect(p).toBeLessThanOrEqual(q + Math.sqrt(c / 2) + 1e-9)
    }),
  )
  expect(pacBayesKl(0, 1000, 5, 0.05)).toBeLessThan(pacBayes(1000, 5, 0.05))
})

test('calibration of what is known', () => {
  // Confidence 0.8, right 6 of 10 times: ECE 0.2.
  const rows = Array.from({ length: 10 }, () => [0.8, 0.2])
  const labels = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1]
  const c = calibration(rows, labels)
  expect(c.ece).toBeCloseTo(0.2, 12)
  expect(c.mce).toBeCloseTo(0.2, 12)
  expect(c.brier).toBeCloseTo(0.6 * 2 * 0.04 + 0.4 * 2 * 0.64, 12)
  expect(c.nll).toBeCloseTo(-0.6 * Math.log(0.8) - 0.4 * Math.log(0.2), 12)
  expect(errorRate(rows, labels)).toBe(0.4)
  expect(confusion(rows, labels, 2)).toEqual([
    [6, 0],
    [4, 0],
  ])
  // Logits of 0.6 : 0.4 given as twice too sure are mended by T = 2.
  const logits = rows.map(() => [2 * Math.log(0.6 / 0.4), 0])
  expect(bestTemperature(logits, labels)).toBeCloseTo(2, 2)
  expect(softmaxRow([1000, 1000])[0]).toBe(0.5)
})
