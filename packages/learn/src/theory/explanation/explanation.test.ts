import { Key } from '@dioramic/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matrix } from '../algebra/matrix.ts'
import { normals, uniforms } from '../algebra/random.ts'
import { evaluate, type ReluNet, reluNet } from '../expressivity/relu-net.ts'
import { gradCam, gradientTimesInput, integratedGradients, occlusion, resized, sampledShapley, shapley, smoothGrad } from './attribution.ts'
import { area, distortionCurve, ranking } from './flipping.ts'
import { distortion, filteredMoments, linearDistortion, relaxedExplanation, reluMoments, smallestSets, subsets } from './rate-distortion.ts'
import { blockNet, netScore, relevance } from './score.ts'

const random = (sizes: readonly number[], seed: number, bias: number): ReluNet =>
  sizes.slice(1).map((n, i) => {
    const key = Key.fromSeed(seed).fork(i)
    return { w: matrix(n, sizes[i]!, normals(key.fork('w'), n * sizes[i]!)), b: normals(key.fork('b'), n).map(v => v * bias) }
  })
const sum = (x: ArrayLike<number>) => Array.from(x).reduce((a, b) => a + b, 0)

test('gradients are those of differences', () => {
  const net = random([5, 8, 7, 3], 1, 1)
  const score = netScore(net, 2)
  const x = normals(Key.fromSeed(2), 5)
  const [{ value, gradient }] = score.gradients!([x]) as [{ value: number; gradient: Float64Array }]
  expect(value).toBeCloseTo(evaluate(net, x)[2]!, 12)
  for (let i = 0; i < 5; i++) {
    const moved = (h: number) =>
      evaluate(
        net,
        x.map((v, j) => v + (j === i ? h : 0)),
      )[2]!
    expect(gradient[i]).toBeCloseTo((moved(1e-6) - moved(-1e-6)) / 2e-6, 5)
  }
})

test('relevance is conserved without biases, and is gradient times input', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(10_000), async seed => {
      const net = random([6, 9, 5, 2], seed, 0)
      const x = normals(Key.fromSeed(seed).fork('x'), 6)
      const r = relevance(net, x, 1)
      expect(sum(r)).toBeCloseTo(evaluate(net, x)[1]!, 8)
      const gi = await gradientTimesInput(netScore(net, 1), x)
      gi.forEach((v, i) => {
        expect(v).toBeCloseTo(r[i]!, 7)
      })
    }),
    { numRuns: 50 },
  )
  // ε takes some away, a bias keeps its share.
  const biased = reluNet([[[1, 1]], [1]], [[[2]], [0]])
  expect([...relevance(biased, Float64Array.of(1, 2), 0)]).toEqual([2, 4])
  expect(evaluate(biased, [1, 2])[0]).toBe(8)
})

test('integrated gradients and Shapley values are complete; a linear score is its terms', async () => {
  const net = random([6, 10, 1], 3, 1)
  const score = netScore(net, 0)
  const x = normals(Key.fromSeed(5), 6)
  const base = new Float64Array(6)
  const gap = evaluate(net, x)[0]! - evaluate(net, base)[0]!
  expect(sum(await integratedGradients(score, x, base, 4000))).toBeCloseTo(gap, 2)
  const exact = await shapley(score, x, base)
  expect(sum(exact)).toBeCloseTo(gap, 10)
  const sampled = await sampledShapley(score, x, base, 3000, Key.fromSeed(1))
  expect(sum(sampled)).toBeCloseTo(gap, 8)
  sampled.forEach((v, i) => {
    expect(Math.abs(v - exact[i]!)).toBeLessThan(0.15)
  })
  const linear = netScore(reluNet([[[3, -2, 0]], [1]]), 0)
  const y = Float64Array.of(1, 2, 5)
  for (const a of [
    await shapley(linear, y, [0, 0, 0]),
    await integratedGradients(linear, y, [0, 0, 0]),
    await occlusion(linear, y, [0, 0, 0]),
  ]) {
    for (const [i, v] of [3, -4, 0].entries()) expect(a[i]).toBeCloseTo(v, 12)
  }
  const smooth = await smoothGrad(linear, y, { sigma: 1, samples: 3, key: Key.fromSeed(1) })
  expect([...smooth]).toEqual([3, -2, 0])
})

test('Shapley: symmetry and a dummy', async () => {
  const net = reluNet([[[1, 1, 0], [-1, -1, 0]], [-1, 0.5]], [[[2, 3]], [0]]) // biome-ignore format: matrices
  const [a, b, c] = await shapley(netScore(net, 0), Float64Array.of(0.8, 0.8, 4), [0, 0, 0])
  expect(a).toBeCloseTo(b!, 12)
  expect(c).toBe(0)
})

test('rate and distortion of a linear score', async () => {
  const [w, x, mean, variance] = [
    [3, 1, 0],
    [1, 1, 1],
    [0.5, 0.5, 0.5],
    [1 / 12, 1 / 12, 1 / 12],
  ]
  const D = (s: ReadonlySet<number>) => linearDistortion(w!, x!, mean!, variance!, s)
  expect(D(new Set())).toBeCloseTo(2.416667, 6)
  expect(D(new Set([0]))).toBeCloseTo(0.166667, 6)
  expect(D(new Set([1]))).toBeCloseTo(1.5, 6)
  expect(D(new Set([0, 1]))).toBe(0)
  const rate = async (e: number) => (await smallestSets(3, e, D))[0]!.size
  expect([await rate(2.5), await rate(0.2), await rate(0.1)]).toEqual([0, 1, 2])
  expect([...subsets(5, 2)].length).toBe(10)
  // By draws the same.
  const draws = Array.from({ length: 20_000 }, (_, i) => uniforms(Key.fromSeed(7).fork(i), 3))
  expect(await distortion(netScore(reluNet([[w!], [0]]), 0), Float64Array.from(x!), new Set([1]), draws)).toBeCloseTo(1.5, 1)
})

test('the Boolean block: stated distortions, and the explanation is the block', async () => {
  const score = netScore(blockNet(16, 5), 0)
  const x = Float64Array.from({ length: 16 }, (_, i) => (i >= 4 && i <= 8 ? 1 : 0))
  expect((score.values([x]) as Float64Array)[0]).toBe(1)
  const draws = Array.from({ length: 20_000 }, (_, i) => uniforms(Key.fromSeed(8).fork(i), 16))
  const D = (...kept: readonly number[]) => distortion(score, x, new Set(kept), draws)
  expect(await D()).toBeCloseTo(0.488, 2)
  expect(await D(4, 5, 6)).toBeCloseTo(0.22, 2)
  expect(await D(4, 5, 6, 7)).toBeCloseTo(0.0333, 2)
  expect(await D(4, 5, 6, 7, 8)).toBe(0)
  const { s, history } = await relaxedExplanation(score, x, draws.slice(0, 400), { lambda: 0.4, steps: 150 })
  expect(history.at(-1)).toBeLessThan(history[0]!)
  expect(new Set(ranking(s).slice(0, 5))).toEqual(new Set([4, 5, 6, 7, 8]))
})

test('moments of a rectified normal, and of a network', () => {
  for (const [m, v, a, b] of [
    [0, 1, 0.398942, 0.340845],
    [1, 1, 1.083315, 0.751088],
    [-1, 4, 0.395593, 0.682063],
  ] as const) {
    const [mean, variance] = reluMoments(m, v)
    expect(mean).toBeCloseTo(a, 6)
    expect(variance).toBeCloseTo(b, 6)
  }
  expect(reluMoments(2, 0)).toEqual([2, 0])
  // One layer of one unit each: exact.
  const net = reluNet([[[1, 0], [0, 2]], [0, 1]], [[[1, -1]], [0.5]]) // biome-ignore format: matrices
  const { mean, variance } = filteredMoments(net, { mean: Float64Array.of(0, 0), variance: Float64Array.of(1, 0.25) })
  expect(mean[0]).toBeCloseTo(0.398942 - 1.083315 + 0.5, 5)
  expect(variance[0]).toBeCloseTo(0.340845 + 0.751088, 5)
})

test('pixel flipping: the right order has the smaller area', async () => {
  const score = netScore(blockNet(16, 5), 0)
  const x = Float64Array.from({ length: 16 }, (_, i) => (i >= 4 && i <= 8 ? 1 : 0))
  const draws = Array.from({ length: 500 }, (_, i) => uniforms(Key.fromSeed(9).fork(i), 16))
  const counts = [0, 2, 4, 6, 8, 16]
  const right = await distortionCurve(score, x, [4, 5, 6, 7, 8, 0, 1, 2, 3, 9, 10, 11, 12, 13, 14, 15], draws, counts)
  const wrong = await distortionCurve(score, x, [0, 1, 2, 3, 9, 10, 11, 12, 13, 14, 15, 4, 5, 6, 7, 8], draws, counts)
  expect(area(counts, right)).toBeLessThan(area(counts, wrong))
  expect(right.at(-1)).toBe(0)
  expect(area([0, 1, 4], [2, 0, 0])).toBe(0.25)
})

test('Grad-CAM by hand', () => {
  const cam = gradCam([1, 2, 3, 4, 0, 1, 0, -1], [1, 1, 1, 1, -2, -2, -2, -2], [2, 2, 2])
  expect([...cam]).toEqual([1, 0, 3, 6])
  expect([...resized([1, 3], [1, 2], [1, 4])]).toEqual([1, 1.5, 2.5, 3])
})
