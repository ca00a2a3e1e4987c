import { compile, f32, interpreter, item, type NDArray, nn, numbersOf, type Tensor, type Tree } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { orthogonal } from '../penalties/orthogonal.ts'
import { equalLinear } from './equalised.ts'
import { minibatchDiscrimination } from './minibatch.ts'
import { adaptiveInstanceNorm, down, pixelNorm, pyramidOf, up, withDeviation } from './pictures.ts'
import { runningMean } from './running-mean.ts'
import { selfAttention } from './self-attention.ts'

const run = async (f: (...x: Tensor[]) => Tensor, ...x: readonly NDArray[]): Promise<number[]> => [
  ...numbersOf((await compile(f as never, interpreter())(...(x as never[]))) as NDArray),
]
const close = (got: readonly number[], want: readonly number[]) => expect(got).toEqual(want.map(v => expect.closeTo(v, 5)))

test('norms of the styles and sizes', async () => {
  close(await run(pixelNorm, f32([[3, 4]])), [0.848528, 1.131371])
  const x = f32([1, 2, 3, 4], [1, 1, 2, 2])
  close(await run((t, s, b) => adaptiveInstanceNorm(t, s, b), x, f32([[2]]), f32([[1]])), [-1.683282, 0.105573, 1.894427, 3.683282])
  close(await run(up, x), [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
  close(await run(t => down(up(t)), x), [1, 2, 3, 4])
  // Two samples 0 and 2 everywhere: a deviation of 1 in each of 4 features.
  close(
    await run(withDeviation, f32([...Array(4).fill(0), ...Array(4).fill(2)], [2, 1, 2, 2])),
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1],
  )
  expect(pyramidOf('net', [3, 24, 24])).toEqual({ channels: 3, base: 3, levels: 3 })
  expect(pyramidOf('net', [1, 8, 8])).toEqual({ channels: 1, base: 4, levels: 1 })
  expect(() => pyramidOf('net', [1, 22, 22])).toThrow(/22 does not come out/)
})

test('weights at an equalised rate are scaled where they are used', async () => {
  const layer = equalLinear(8, 2, { gain: 1 })
  const apply = (w: Tensor, x: Tensor) => layer.apply({ w }, {}, x)[0]
  close(await run(apply, f32(Array(16).fill(1), [8, 2]), f32([Array(8).fill(1)])), [8 / Math.sqrt(8), 8 / Math.sqrt(8)])
})

test('minibatch discrimination counts who is close', async () => {
  const layer = minibatchDiscrimination(1, { kernels: 1, dims: 2 })
  const got = await run((w, x) => layer.apply({ w }, {}, x)[0], f32([[1, 1]]), f32([[0], [0], [5]]))
  close(got, [0, 2 + Math.exp(-10), 0, 2 + Math.exp(-10), 5, 1 + 2 * Math.exp(-10)])
})

test('self-attention mixes by softmax over the places that are looked at', async () => {
  const layer = selfAttention(1)
  const one = (v: number) => f32([v], [1, 1, 1, 1])
  const at = (f: Tensor, g: Tensor, h: Tensor, v: Tensor, gamma: Tensor, x: Tensor) =>
    layer.apply({ f: { w: f }, g: { w: g }, h: { w: h }, v: { w: v }, gamma }, {}, x)[0]
  const x = f32([1, 2], [1, 1, 1, 2])
  close(await run(at as never, one(1), one(1), one(1), one(1), f32([0]), x), [1, 2])
  // Place j sees i with weight softmaxᵢ(xᵢ·x_j).
  const mix = (xj: number) => (Math.exp(xj) + 2 * Math.exp(2 * xj)) / (Math.exp(xj) + Math.exp(2 * xj))
  close(await run(at as never, one(1), one(1), one(1), one(1), f32([0.5]), x), [1 + 0.5 * mix(1), 2 + 0.5 * mix(2)])
})

test('spectral normalisation of any parameters', async () => {
  const weights = nn.spectral({ w: nn.weight([2, 2]), b: nn.bias(2) })
  expect(Object.keys(weights.state)).toEqual(['w'])
  const f = (w: Tensor, u: Tensor) => {
    let vectors: Readonly<Record<string, Tensor>> = { w: u }
    let out: Tree<Tensor> = { w }
    for (let k = 0; k < 30; k++) [out, vectors] = weights.normalise({ w, b: u }, vectors, true)
    return (out as { w: Tensor }).w
  }
  close(
    await run(
      f,
      f32([
        [3, 0],
        [0, 1],
      ]),
      f32([0.6, 0.8]),
    ),
    [1, 0, 0, 1 / 3],
  )
})

test('the running mean, and the orthogonal penalty', async () => {
  const layer = runningMean(2, { momentum: 0.5 })
  close(
    await run(
      (m, x) => layer.apply({}, { mean: m }, x, { train: true })[0],
      f32([1, 1]),
      f32([
        [2, 4],
        [4, 0],
      ]),
    ),
    [2, 1.5],
  )
  close(await run((m, x) => layer.apply({}, { mean: m }, x)[0], f32([1, 1]), f32([[2, 4]])), [1, 1])
  // Rows (1, 0) and (2, 2): their product 2, twice off the diagonal.
  const penalty = compile((w: Tensor) => orthogonal({ weight: 0.1 })({ params: { w } } as never), interpreter())
  expect(
    item(
      (await penalty(
        f32([
          [1, 0],
          [2, 2],
        ]),
      )) as NDArray,
    ),
  ).toBeCloseTo(0.1 * 2 * 4, 6)
})
