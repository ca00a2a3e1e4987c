import { Key } from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { expect, test } from 'vitest'
import { matrix } from '../../theory/algebra/matrix.ts'
import { normals } from '../../theory/algebra/random.ts'
import { squareRoot, symmetricEigen } from '../../theory/algebra/symmetric.ts'
import { drawnDigits } from '../../theory/data/digits.ts'
import { ring } from '../data/ring.ts'
import { frechetDistance, frechetOfMoments, momentsOf } from './frechet.ts'
import { inceptionScore } from './inception-score.ts'
import { accuracy, trainJudge } from './judge.ts'
import { kernelDistance } from './kernel-distance.ts'
import { manifold } from './manifold.ts'
import { memorisation } from './memorisation.ts'
import { countModes } from './modes.ts'
import { measure } from './report.ts'
import type { Rows } from './rows.ts'

const key = Key.fromSeed(21)
const rows = (...list: readonly (readonly number[])[]): Rows => list.map(r => Float64Array.from(r))
const cloud = (name: string, n: number, d: number, at = 0): Rows => {
  const all = normals(key.fork(name), n * d)
  return Array.from({ length: n }, (_, i) => all.slice(i * d, (i + 1) * d).map(v => v + at))
}
const gaussian = (mean: readonly number[], covariance: readonly number[]) => ({
  mean: Float64Array.from(mean),
  covariance: Float64Array.from(covariance),
})
const I = [1, 0, 0, 1]

test('roots and eigenvalues of symmetric matrices', () => {
  const d = 7
  const a = normals(key, d * d)
  const s = Float64Array.from({ length: d * d }, (_, k) => {
    let t = 0
    for (let m = 0; m < d; m++) t += a[Math.floor(k / d) * d + m]! * a[(k % d) * d + m]!
    return t
  })
  const root = squareRoot(matrix(d, d, s)).data
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++) {
      let t = 0
      for (let m = 0; m < d; m++) t += root[i * d + m]! * root[m * d + j]!
      expect(t).toBeCloseTo(s[i * d + j]!, 9)
    }
  expect([...symmetricEigen(matrix(2, 2, [2, 1, 1, 2])).values].sort()).toEqual([expect.closeTo(1, 12), expect.closeTo(3, 12)])
})

test('Fréchet distances of Gaussians are their closed forms', () => {
  expect(frechetOfMoments(gaussian([0, 0], I), gaussian([1, 2], I))).toBeCloseTo(5, 10)
  expect(frechetOfMoments(gaussian([0, 0], [4, 0, 0, 9]), gaussian([0, 0], I))).toBeCloseTo(1 + 4, 10)
  expect(frechetOfMoments(gaussian([0, 0], [2, 1, 1, 2]), gaussian([0, 0], I))).toBeCloseTo(0.5358984, 7)
  // A direction without variance, as dead features have.
  expect(frechetOfMoments(gaussian([0, 0], [1, 0, 0, 0]), gaussian([0, 3], [1, 0, 0, 0]))).toBeCloseTo(9, 10)
  const a = cloud('a', 4000, 3)
  expect(frechetDistance(a, a)).toBeCloseTo(0, 8)
  expect(frechetDistance(a, cloud('b', 4000, 3, 1))).toBeCloseTo(3, 0)
  expect([...momentsOf(rows([1, 2], [3, 6])).covariance]).toEqual([2, 4, 4, 8])
  expect(() => frechetDistance(a, rows([1, 2]))).toThrow(/1 generated samples; it needs at least 2/)
  expect(() => frechetDistance(a, rows([1, 2], [3, 4]))).toThrow(/real samples have 3 numbers, generated ones 2/)
})

test('the inception score', () => {
  expect(inceptionScore(rows([1, 0], [0, 1]))).toBeCloseTo(2, 12)
  expect(inceptionScore(rows([0.5, 0.5], [0.5, 0.5]))).toBeCloseTo(1, 12)
  expect(inceptionScore(rows([0.9, 0.1], [0.1, 0.9]))).toBeCloseTo(1.444935, 6)
  expect(inceptionScore(rows([0.9, 0.1], [0.8, 0.2]))).toBeCloseTo(1.010016, 6)
  expect(inceptionScore(rows([1, 0], [0, 1], [1, 0], [1, 0]), 2)).toBeCloseTo(1.5, 12)
})

test('the kernel distance', () => {
  expect(kernelDistance(rows([0], [1]), rows([0], [1]))).toBeCloseTo(-3.5, 12)
  // Without bias: the mean over equal distributions is 0.
  const values = Array.from({ length: 40 }, (_, i) => kernelDistance(cloud(`p${i}`, 30, 2), cloud(`q${i}`, 30, 2)))
  const mean = values.reduce((a, b) => a + b) / 40
  const deviation = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / 39)
  expect(Math.abs(mean)).toBeLessThan((3 * deviation) / Math.sqrt(40))
})

test('precision, recall, density and coverage', () => {
  // Real 0, 1, 2 and 10; to the first neighbour the balls have radii 1, 1, 1 and 8.
  const real = rows([0], [1], [2], [10])
  const fake = rows([1.4], [1.5], [30])
  const m = manifold(real, fake, 1)
  expect(m.precision).toBeCloseTo(2 / 3, 12)
  // Generated balls: radii .1, .1 and 28.5: the last holds 2 (28 away) and 10, none 0 and 1.
  expect(m.recall).toBeCloseTo(2 / 4, 12)
  // Balls around 1 and 2 hold both; that around 10 (radius 8) reaches 2: none.
  expect(m.density).toBeCloseTo((2 + 2) / 3, 12)
  expect(m.coverage).toBeCloseTo(2 / 4, 12)
  const same = manifold(cloud('m', 300, 4), cloud('n', 300, 4))
  expect(same.density).toBeCloseTo(1, 0)
  expect(same.coverage).toBeGreaterThan(0.9)
  expect(() => manifold(real, fake, 3)).toThrow(/3 generated samples; it needs at least 4/)
})

test('memorisation is seen, and newness is not taken for it', () => {
  const [training, heldOut, fresh] = [cloud('t', 400, 4), cloud('h', 400, 4), cloud('f', 400, 4)]
  const honest = memorisation(fresh, training, heldOut)
  expect(honest.closer).toBeCloseTo(0.5, 1)
  expect(honest.copies).toBeLessThan(0.04)
  const copied = memorisation(
    training.slice(0, 200).map(r => r.map(v => v + 1e-3)),
    training,
    heldOut,
  )
  expect(copied.closer).toBe(1)
  expect(copied.copies).toBe(1)
  // Half copies: half of the excess.
  const half = memorisation([...training.slice(0, 200), ...fresh.slice(0, 200)], training, heldOut)
  expect(half.closer).toBeCloseTo(0.75, 1)
  expect(half.copies).toBeGreaterThan(0.49)
})

test('modes are counted', () => {
  const modes = ring({ count: 4, radius: 1 })
  const points = [...new Array<number>(25).fill(0).flatMap(() => [1, 0.1]), ...new Array<number>(10).fill(0).flatMap(() => [0, 1]), 0, 0]
  expect(countModes(points, modes)).toEqual({ captured: 1, near: 35 / 36, counts: [25, 10, 0, 0] })
})

test('a judge has a name, knows its classes, and measures', async () => {
  const engine = { runtime: nodeRuntime({ threads: 1 }), arena: createArena }
  const set = drawnDigits(1200, key.fork('digits'))
  const half = (at: number) => ({ ...set, x: set.x.slice(at, at + 600), y: set.y.slice(at, at + 600) })
  const [first, second] = [half(0), half(600)]
  const judge = await trainJudge(first, key.fork('judge'), engine, { updates: 300 })
  expect(judge.name).toMatch(/^mlp-64-32 sha256:[0-9a-f]{12}$/)
  expect(await accuracy(judge, second)).toBeGreaterThan(0.9)
  const halves = { training: first.x, heldOut: second.x }
  const good = await measure(judge, { x: drawnDigits(600, key.fork('more')).x, labels: second.y }, halves)
  const noise = await measure(judge, { x: cloud('noise', 600, 64) }, halves)
  const copy = await measure(judge, first, halves)
  expect(good.precision).toBeGreaterThan(0.8)
  expect(good.recall).toBeGreaterThan(0.8)
  expect(good.agreement).toBeGreaterThan(0.9)
  expect(good.classEntropy).toBeGreaterThan(2.2)
  expect(noise.frechet).toBeGreaterThan(10 * good.frechet)
  expect(noise.precision).toBeLessThan(0.2)
  expect(noise.agreement).toBeNull()
  expect(copy.copies).toBe(1)
  expect(good.copies).toBeLessThan(0.05)
  await expect(trainJudge({ ...first, classes: 11 }, key, engine)).rejects.toThrow(/class 10 has none/)
})
