import { compile, f32, interpreter, Key, type NDArray, numbersOf, type Tensor } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { mlp } from '../architectures/mlp.ts'
import { type AugmentOptions, augment, augmented } from './augmented.ts'

const N = 200
const S = 8
/** One bright pixel in the middle of each picture. */
const dots = f32(
  Float32Array.from({ length: N * S * S }, (_, i) => (i % (S * S) === 3 * S + 4 ? 1 : 0)),
  [N, 1, S, S],
)
const run = async (x: NDArray, options: AugmentOptions, seed = 1) => {
  const f = compile((t: Tensor, key: Tensor) => augment(t, key, options), interpreter())
  const y = numbersOf((await f(x, { dtype: 'i64', shape: [2], data: Key.fromSeed(seed).toInt64() })) as NDArray)
  return Array.from({ length: N }, (_, i) => y.slice(i * S * S, (i + 1) * S * S))
}

test('shifts move whole pictures by every number of pixels up to the most, alike often', async () => {
  const seen = new Map<string, number>()
  for (const p of await run(dots, { tone: 0, cut: 0, shift: 1 / 4 })) {
    expect(p.filter(v => v !== 0)).toEqual(Float64Array.of(1))
    const at = p.indexOf(1)
    const by = `${Math.floor(at / S) - 3},${(at % S) - 4}`
    seen.set(by, (seen.get(by) ?? 0) + 1)
  }
  expect(seen.size).toBe(25)
  // 200 draws among 25 places: χ² of 24 degrees is below 51 but for one in a thousand.
  const chi = [...seen.values()].reduce((s, c) => s + (c - 8) ** 2 / 8, 0)
  expect(chi).toBeLessThan(51)
})

test('holes are squares of their size, cut off at the edge only; tones keep the picture but for a straight line', async () => {
  const ones = f32(new Float32Array(N * S * S).fill(1), [N, 1, S, S])
  const holes = (await run(ones, { tone: 0, shift: 0, cut: 1 / 2 })).map(p => p.filter(v => v === 0).length)
  expect(Math.max(...holes)).toBe(16)
  expect(Math.min(...holes)).toBeGreaterThanOrEqual(4)
  for (const p of await run(dots, { shift: 0, cut: 0 })) {
    const values = [...new Set([...p].map(v => v.toFixed(5)))]
    expect(values).toHaveLength(2)
    const contrast = p[3 * S + 4]! - p[0]!
    expect(contrast).toBeGreaterThanOrEqual(0.5)
    expect(contrast).toBeLessThanOrEqual(1.5)
  }
  expect(await run(dots, {}, 2)).not.toEqual(await run(dots, {}, 3))
})

test('only pictures are augmented', () => {
  expect(augmented(mlp)({ shape: [1, 8, 8] }).name).toBe('augmented mlp')
  expect(() => augmented(mlp)({ shape: [2] })).toThrow('samples are pictures [c, h, w], not [2]')
})
