import { compile, f32, interpreter, Key, type NDArray, nn, numbersOf, type Tensor } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { attend, maskedBias, scaled, unit, windowBias } from './attend.ts'
import { bucketOf } from './window.ts'

const f64 = interpreter({ precision: 'f64' })
const key = Key.fromSeed(2)
const drawn = (name: string, ...shape: number[]) => nn.draw(nn.free(shape, nn.normal(1)), key.fork(name))

test('the bias of a block is the table by bucket of the distance', async () => {
  const w = 20
  const table = drawn('table', 32, 3)
  const bias = numbersOf(await compile((t: Tensor) => windowBias(t, w), f64)(table))
  for (let h = 0; h < 3; h++)
    for (let q = 0; q < w; q++)
      for (let k = q; k < q + w; k++) expect(bias[(h * w + q) * 2 * w + k]).toBe(table.data[bucketOf(w + q - k) * 3 + h])
})

test('attention with scale, bias and mask is the formula; what is not seen counts nothing', async () => {
  const [q, k, v, bias] = [drawn('q', 2, 3, 4), drawn('k', 2, 5, 4), drawn('v', 2, 5, 4), drawn('bias', 2, 3, 5)] as const
  const scale = f32([2, -0.5])
  const seen: NDArray = { dtype: 'bool', shape: [3, 5], data: Uint8Array.from([1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1]) }
  const f = compile((...[a, b, c, s, d, m]: Tensor[]) => attend(scaled(unit(a!), s!), unit(b!), c!, maskedBias(d!, s!, m!)), f64)
  const y = numbersOf((await f(q, k, v, scale, bias, seen)) as NDArray)
  const row = (x: NDArray, h: number, i: number) =>
    Array.from({ length: 4 }, (_, j) => x.data[(h * (x.shape[1] as number) + i) * 4 + j] as number)
  const dot = (a: number[], b: number[]) => a.reduce((s, x, i) => s + x * b[i]!, 0)
  const norm = (a: number[]) => Math.sqrt(dot(a, a) + 1e-6)
  for (const h of [0, 1])
    for (let i = 0; i < 3; i++) {
      const e = Array.from({ length: 5 }, (_, j) => {
        const a = row(q, h, i)
        const b = row(k, h, j)
        const logit = Math.abs(scale.data[h] as number) * (dot(a, b) / norm(a) / norm(b) + (bias.data[(h * 3 + i) * 5 + j] as number))
        return seen.data[i * 5 + j] ? Math.exp(logit) : 0
      })
      const total = e.reduce((a, b) => a + b, 0)
      for (let c = 0; c < 4; c++) {
        const want = e.reduce((s, w, j) => s + (w / total) * row(v, h, j)[c]!, 0)
        expect(y[(h * 3 + i) * 4 + c]).toBeCloseTo(want, 12)
      }
    }
})

test('at first no weight is more than e² times another', async () => {
  const f = compile((q: Tensor, k: Tensor, v: Tensor, s: Tensor) => attend(scaled(unit(q), s), unit(k), v), f64)
  const n = 40
  const one = f32(
    Float32Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0)),
    [1, n, n],
  )
  const weights = numbersOf((await f(drawn('a', 1, n, 8), drawn('b', 1, n, 8), one, f32([1]))) as NDArray)
  for (let i = 0; i < n; i++) {
    const row = weights.slice(i * n, (i + 1) * n)
    const ratio = Math.max(...row) / Math.min(...row)
    expect(ratio).toBeLessThanOrEqual(Math.exp(2))
    expect(ratio).toBeGreaterThan(2)
  }
})
