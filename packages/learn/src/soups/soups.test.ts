import {
  add,
  batches,
  concat,
  constant,
  f32,
  flatten,
  i64,
  interpreter,
  Key,
  leaves,
  matmul,
  mul,
  type NDArray,
  nn,
  numbersOf,
  relu,
  reshape,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normals } from '../theory/algebra/random.ts'
import {
  accuracyOf,
  calibratedEnsemble,
  calibration,
  decreasing,
  greedy,
  interpolate,
  interpolated,
  layerTask,
  learnSoup,
  lossOf,
  meanLogits,
  mixTrees,
  predictor,
  recalibrateBatchNorm,
  roundOnce,
  soupBesideEnsemble,
  uniform,
  weighted,
} from './index.ts'

const runtime = nodeRuntime({ threads: 1 })

test('a uniform soup is the mean, whatever the order, and integers are the first one’s', () => {
  const models = [
    { w: f32([1, 3]), n: i64([5]) },
    { w: f32([3, 5]), n: i64([6]) },
    { w: f32([5, 1]), n: i64([7]) },
  ]
  expect(mixTrees(models)).toEqual({ w: f32([3, 3]), n: i64([5]) })
  expect([...numbersOf(mixTrees(models, uniform([2, 0, 1])).w)]).toEqual([3, 3])
  expect([...numbersOf(mixTrees(models, interpolated(0.25)).w)]).toEqual([1.5, 3.5])
  expect([...numbersOf(mixTrees(models, weighted([0.5, 0, 0.5], 3)).w)]).toEqual([3, 2])
  expect(() => mixTrees([{ w: f32([1]) }, { w: f32([1, 2]) }])).toThrow('ingredient 1 does not fit ingredient 0 at "w"')
  expect(() => interpolated(1.5)).toThrow('from 0 to 1')
})

describe('greedy', () => {
  // One-dimensional "models" whose held-out score is −|θ|.
  const run = (models: readonly number[], accept?: 'ge' | 'gt') => {
    const score = (list: readonly number[]) => -Math.abs(list.reduce((s, i) => s + models[i]!, 0) / list.length)
    return greedy(
      models.map((_, i) => score([i])),
      score,
      accept,
    )
  }

  test('takes the best first, and what does not harm', async () => {
    const { members, score, steps } = await run([-4.1, 3, -2, 1])
    expect(members).toEqual([3, 2])
    expect(score).toBe(-0.5)
    expect(steps.map(s => [s.ingredient, s.accepted])).toEqual([
      [3, true],
      [2, true],
      [1, false],
      [0, false],
    ])
  })

  test('ties are accepted by the paper, not by its code; among equals the earlier comes first', async () => {
    expect((await run([1, 1])).members).toEqual([0, 1])
    expect((await run([1, 1], 'gt')).members).toEqual([0])
    expect(decreasing([1, 3, 3, 2])).toEqual([1, 2, 3, 0])
    await expect(greedy([1, Number.NaN], () => 0)).rejects.toThrow('ingredient 1 is NaN')
    await expect(greedy([], () => 0)).rejects.toThrow('at least one')
  })

  test('is never below the best ingredient, and rises with every step', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.double({ noNaN: true, min: -9, max: 9 }), { minLength: 1, maxLength: 8 }), async models => {
        const { score, steps } = await run(models)
        expect(score).toBeGreaterThanOrEqual(Math.max(...models.map(m => -Math.abs(m))))
        const kept = steps.filter(s => s.accepted).map(s => s.score)
        expect(kept).toEqual([...kept].sort((a, b) => a - b))
        expect(kept.at(-1)).toBe(score)
      }),
    ))
})

test('the barrier is how far the line falls below its ends', async () => {
  const dip = await interpolate(async a => a - 4 * a * (1 - a), 5)
  expect(dip.barrier).toBe(1)
  expect(dip.best).toEqual({ alpha: 1, score: 1 })
  const bump = await interpolate(async a => 4 * a * (1 - a), 5)
  expect(bump.barrier).toBe(0)
  expect(bump.best.alpha).toBe(0.5)
})

test('halves are rounded once: the nearest of all, ties to even', () => {
  const next = (bits: number, dtype: 'f16' | 'bf16'): number => {
    const [e, m] = dtype === 'f16' ? [5, 10] : [8, 7]
    const exponent = (bits >> m) & (2 ** e - 1)
    const fraction = bits & (2 ** m - 1)
    const bias = 2 ** (e - 1) - 1
    const value = exponent === 0 ? fraction * 2 ** (1 - bias - m) : (1 + fraction / 2 ** m) * 2 ** (exponent - bias)
    return bits >> 15 ? -value : value
  }
  for (const dtype of ['f16', 'bf16'] as const) {
    const top = dtype === 'f16' ? 0x7bff : 0x7f7f
    fc.assert(
      fc.property(fc.integer({ min: 0, max: top - 1 }), fc.double({ min: -1, max: 1, noNaN: true }), (bits, t) => {
        const [a, b] = [next(bits, dtype), next(bits + 1, dtype)]
        // Just beside the middle, by less than a float can tell.
        const x = (a + b) / 2 + t * (b - a) * 2 ** (Math.abs(t) > 0.5 ? -1 : -30)
        const out = roundOnce(Float64Array.of(x, -x), dtype)
        const got = new Uint16Array(out.buffer, out.byteOffset, 2)
        const [da, db] = [x - a, b - x]
        const expected = da < db || (da === db && bits % 2 === 0) ? bits : bits + 1
        expect(got[0]).toBe(expected)
        expect(got[1]).toBe(expected | 0x8000)
      }),
    )
  }
})

test('logits: ensemble, accuracy, loss, calibration', () => {
  const a = Float64Array.of(2, 0, 0, 4)
  const b = Float64Array.of(0, 4, 0, 2)
  expect([...meanLogits([a, b])]).toEqual([1, 2, 0, 3])
  expect(accuracyOf(a, [0, 1])).toBe(1)
  expect(accuracyOf(b, [0, 1])).toBe(0.5)
  expect(lossOf(Float64Array.of(0, 0, 0), [2])).toBeCloseTo(Math.log(3), 12)
  // Two of three right at logits ±1: the best β has e^β / (1 + e^β) = 2/3, log 2.
  expect(calibration(Float64Array.of(1, 0, 1, 0, 1, 0), [0, 0, 1])).toBeCloseTo(Math.log(2), 9)
  const p = calibratedEnsemble([a, b], [1, 0], 2)
  expect(Math.exp(p[0]!)).toBeCloseTo((Math.E ** 2 / (1 + Math.E ** 2) + 0.5) / 2, 12)
})

describe('soup beside ensemble', () => {
  test('the numbers of f = (θ², 0)', async () => {
    const logits = (w: Tree<Tensor>, x: Tensor) => {
      const { t } = w as { t: Tensor }
      return concat([reshape(mul(t, t), [1, 1]), x], 1)
    }
    const compare = soupBesideEnsemble(logits, f32([[0]]), i64([0]), interpreter({ precision: 'f64' }))
    const [a, b] = [{ t: f32([1]) }, { t: f32([1.4]) }]
    const half = await compare(a, b, { beta: 1 })
    expect(half.soup).toBeCloseTo(0.212631, 5)
    expect(half.ensemble).toBeCloseTo(0.205092, 5)
    expect(half.approximation).toBeCloseTo(0.007662, 5)
    expect([half.curvature, half.variance].map(v => Math.round(v * 1e5))).toEqual([8142, 14272])
    const quarter = await compare(a, b, { alpha: 0.25, beta: 1 })
    expect(quarter.soup - quarter.ensemble).toBeCloseTo(0.006812, 5)
    expect(quarter.approximation).toBeCloseTo(0.009333, 5)
    const late = await compare(a, b, { alpha: 0.75, beta: 1 })
    expect(late.soup - late.ensemble).toBeCloseTo(0.004615, 5)
    expect(late.approximation).toBeCloseTo(0.002701, 5)
  })

  test('of a model that is linear in its weights they are one, and curvature equals variance', async () => {
    const compare = soupBesideEnsemble(linear, x, y, runtime)
    for (const [i, alpha] of [0.5, 0.2].entries()) {
      const r = await compare(softmaxRegression(i), softmaxRegression(i + 1), { alpha })
      expect(r.soup).toBeCloseTo(r.ensemble, 5)
      expect(r.curvature).toBeCloseTo(r.variance, 4)
      expect(r.approximation).toBeCloseTo(0, 4)
    }
  })
})

const key = Key.fromSeed(3)
const constantTree = (tree: Tree<NDArray>) => {
  const { list, rebuild } = flatten<NDArray>(tree)
  return rebuild(list.map(a => constant(a))) as never
}
const linear = (w: Tree<Tensor>, xs: Tensor) => matmul(xs, (w as { w: Tensor }).w)
const softmaxRegression = (i: number) => ({ w: f32(normals(key.fork(i), 15), [5, 3]) })
const x = f32(normals(key.fork('x'), 400 * 5), [400, 5])
// Labels of the middle of three models, so that a mix of them is best.
const y = (() => {
  const w = numbersOf(mixTrees([0, 1, 2].map(softmaxRegression)).w)
  return i64(
    Array.from({ length: 400 }, (_, i) => {
      const z = [0, 1, 2].map(c => [0, 1, 2, 3, 4].reduce((s, d) => s + (x.data[i * 5 + d] as number) * w[d * 3 + c]!, 0))
      return z.indexOf(Math.max(...z))
    }),
  )
})()

test('a learned soup fits held-out data better than the uniform one and the best single; more so by array', async () => {
  const models = [0, 1, 2].map(softmaxRegression).map(({ w }, i) => ({ w, b: f32(normals(key.fork('b').fork(i), 3)) }))
  const logits = (w: Tree<Tensor>, xs: Tensor) => add(linear(w, xs), (w as { b: Tensor }).b)
  const predict = predictor(logits, x, runtime)
  const labels = numbersOf(y)
  const loss = async (w: Tree<NDArray>, beta = 1) => lossOf(await predict(w), labels, beta)
  const options = { logits, x, y, runtime, arena: createArena, key, epochs: 40 }
  const one = await learnSoup(models, options)
  const each = await learnSoup(models, { ...options, byArray: true })
  expect(one.coefficients).toHaveLength(1)
  expect(each.coefficients).toHaveLength(2)
  for (const c of [...one.coefficients, ...each.coefficients]) expect(c.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  const [own, byArray] = [await loss(mixTrees(models, one.mix), one.beta), await loss(mixTrees(models, each.mix), each.beta)]
  expect(own).toBeLessThan(await loss(mixTrees(models)))
  for (const m of models) expect(own).toBeLessThan(await loss(m))
  expect(byArray).toBeLessThan(own)
  await expect(learnSoup(models.slice(1, 2), options)).rejects.toThrow('two ingredients')
})

test('batch norm is recalibrated to the mean of the batches’ own statistics', async () => {
  const layer = nn.sequence({ dense: nn.linear(3, 4), norm: nn.batchNorm(4, { momentum: 0.3 }), bend: nn.fn(relu), out: nn.linear(4, 2) })
  const { params, state } = layer.init(key.fork('bn'))
  const data = batches({ x: f32(normals(key.fork('bn-x'), 60 * 3), [60, 3]) }, { size: 20 })
  const found = (await recalibrateBatchNorm(layer, params, state, data, { runtime, key })) as {
    norm: { mean: NDArray; variance: NDArray }
  }
  const dense = (params as { dense: { w: NDArray; b: NDArray } }).dense
  const [means, variances] = [new Float64Array(4), new Float64Array(4)]
  for (let b = 0; b < 3; b++) {
    const rows = numbersOf((await data.at(0, b)).x)
    for (let c = 0; c < 4; c++) {
      const h = Array.from({ length: 20 }, (_, i) =>
        [0, 1, 2].reduce((s, d) => s + rows[i * 3 + d]! * (dense.w.data[d * 4 + c] as number), dense.b.data[c] as number),
      )
      const m = h.reduce((p, q) => p + q, 0) / 20
      means[c] = means[c]! + m / 3
      variances[c] = variances[c]! + h.reduce((p, q) => p + (q - m) ** 2, 0) / 19 / 3
    }
  }
  for (let c = 0; c < 4; c++) {
    expect(found.norm.mean.data[c]).toBeCloseTo(means[c]!, 5)
    expect(found.norm.variance.data[c]).toBeCloseTo(variances[c]!, 5)
  }
  // As a task: the arrays of a checkpoint by name, and the same recalibration when a soup is finished.
  const labels = i64([0, 1])
  const rows = f32(normals(key.fork('rows'), 6), [2, 3])
  const task = layerTask(layer, { x: rows, y: labels, recalibrate: { batches: data, runtime } })
  const named = (tree: Tree<NDArray>, part: string) => leaves<NDArray>(tree).map(([path, a]) => [`${part}/${path}`, a] as const)
  const weights = Object.fromEntries([...named(params, 'params'), ...named(state, 'state')])
  const finished = await task.finish!(weights)
  expect(finished['state/norm/mean']).toEqual(found.norm.mean)
  expect(finished['params/out/w']).toBe(weights['params/out/w'])
  const logits = await predictor(task.logits, rows, runtime)(weights)
  expect(logits).toEqual(await predictor((w, r) => layer.apply(w, constantTree(state), r)[0], rows, runtime)(params))
  const { 'params/out/w': _, ...less } = weights
  await expect(predictor(task.logits, rows, runtime)(less)).rejects.toThrow('hold no array "params/out/w"')

  const plain = nn.linear(2, 2)
  const first = plain.init(key)
  await expect(recalibrateBatchNorm(plain, first.params, first.state, data, { runtime, key })).rejects.toThrow('no running statistics')
})
