// The last layer and the last maps are found in the graph, and are what the model computes.
import { interpreter, Key, nn, relu, type Tensor, type Tree } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { dot } from '../algebra/matrix.ts'
import { normals } from '../algebra/random.ts'
import { type Differentiable, differentiable } from '../models/classifier.ts'
import { lastMaps, readout } from './inside.ts'

const runtime = interpreter()
const of = (layer: nn.Layer): Differentiable => {
  const { params, state } = layer.init(Key.fromSeed(1))
  return { params, apply: (p: Tree<Tensor>, x: Tensor) => layer.apply(p, state as Tree<never>, x)[0] }
}
const samples = Array.from({ length: 6 }, (_, i) => normals(Key.fromSeed(2).fork(i), 36))
const convolutional = of(
  nn.sequence(
    nn.conv2d(1, 3, 3, { padding: 1 }),
    nn.fn(relu),
    nn.conv2d(3, 4, 3, { stride: 2, padding: 1 }),
    nn.fn(relu),
    nn.flatten,
    nn.linear(36, 5),
  ),
)

test('features times weights are the logits, but for the bias', async () => {
  const plain = of(nn.sequence(nn.linear(36, 7), nn.fn(relu), nn.linear(7, 4, { bias: false })))
  for (const [graph, shape, d, classes] of [
    [plain, [36], 7, 4],
    [convolutional, [1, 6, 6], 36, 5],
  ] as const) {
    const found = (await readout(graph, shape, samples, runtime))!
    expect([found.features.rows, found.features.cols, found.weights.rows, found.weights.cols]).toEqual([6, d, classes, d])
    const logits = await differentiable(graph, shape, classes, runtime).logits(samples)
    const row = (m: { data: Float64Array; cols: number }, i: number) => m.data.subarray(i * m.cols, (i + 1) * m.cols)
    const biases = logits.map((r, i) => Array.from(r, (v, c) => v - dot(row(found.features, i), row(found.weights, c))))
    for (const b of biases) for (const [c, v] of b.entries()) expect(v).toBeCloseTo(biases[0]![c]!, 4)
  }
  // What ends in no linear layer has none.
  expect(await readout(of(nn.sequence(nn.linear(36, 4), nn.fn(relu))), [36], samples, runtime)).toBeUndefined()
})

test('the last maps are those after the activation, and their gradient is that of the logit', async () => {
  const maps = (await lastMaps(convolutional, [1, 6, 6], 5, runtime))!
  expect(maps.size).toEqual([4, 3, 3])
  const { maps: a, gradients: g } = await maps.of(samples[0]!, 2)
  expect(Math.min(...a)).toBe(0)
  // The readout is linear in the maps: the gradient by them is its row.
  const { weights } = (await readout(convolutional, [1, 6, 6], samples, runtime))!
  for (const [k, v] of g.entries()) expect(v).toBeCloseTo(weights.data[2 * 36 + k]!, 5)
  expect(await lastMaps(of(nn.sequence(nn.linear(36, 5))), [36], 5, runtime)).toBeUndefined()
})
