import { compile, f32, interpreter, Key, type NDArray, nn, numbersOf, type Tensor, type Tree } from '@dioramic/tensor'
import { describe, expect, test } from 'vitest'
import {
  checkBins,
  embedding,
  encodeRows,
  piecewiseLinear,
  quantileBins,
  type RowModelOptions,
  rowModel,
  transformer,
  treeBins,
  treeThresholds,
} from './index.ts'

const runtime = interpreter({ precision: 'f64' })
const range = (n: number) => Array.from({ length: n }, (_, i) => i)

async function run(layer: nn.Layer, params: Tree<NDArray>, x: NDArray): Promise<number[]> {
  const f = compile((p: Tree<Tensor>, t: Tensor) => layer.apply(p, {}, t)[0], runtime)
  return [...numbersOf(await f(params, x))]
}

describe('piecewise-linear encoding', () => {
  test('equation 1: outside it extrapolates, inside it climbs', () => {
    const e = [0, 1, 2, 4]
    expect(piecewiseLinear(-1, e)).toEqual([-1, 0, 0])
    expect(piecewiseLinear(0.5, e)).toEqual([0.5, 0, 0])
    expect(piecewiseLinear(1, e)).toEqual([1, 0, 0])
    expect(piecewiseLinear(1.5, e)).toEqual([1, 0.5, 0])
    expect(piecewiseLinear(3, e)).toEqual([1, 1, 0.5])
    expect(piecewiseLinear(6, e)).toEqual([1, 1, 2])
    expect(piecewiseLinear(-1, [0, 2])).toEqual([-0.5])
    expect(piecewiseLinear(3, [0, 2])).toEqual([1.5])
  })

  test('the layer is the function, features with fewer bins included, and is continuous at every edge', async () => {
    const bins = [
      [0, 1, 2, 4],
      [0, 10],
      [-1, 0.5, 3],
    ]
    const xs = [-2, 0, 0.5, 1, 1.5, 2, 3, 4, 6, 12].flatMap(v => [v - 1e-4, v, v + 1e-4])
    const q = embedding('Q', 3, { bins })
    expect(q.width).toBe(6)
    const got = await run(
      q.layer,
      {},
      f32(
        xs.flatMap(v => [v, v, v]),
        [xs.length, 3],
      ),
    )
    const want = encodeRows([xs, xs, xs], bins).flatMap(r => [...r])
    for (const [i, v] of got.entries()) expect(v).toBeCloseTo(want[i]!, 5)
    for (const e of bins[0]!) {
      const [below, above] = [piecewiseLinear(e - 1e-9, bins[0]!), piecewiseLinear(e + 1e-9, bins[0]!)]
      for (const [i, v] of below.entries()) expect(v).toBeCloseTo(above[i]!, 8)
    }
  })
})

describe('bins', () => {
  test('quantiles, repeated ones once', () => {
    expect(quantileBins([range(10)], 4)).toEqual([[0, 2.25, 4.5, 6.75, 9]])
    expect(quantileBins([[0, 0, 0, 0, 1, 2, 3, 4]], 4)).toEqual([[0, 0.5, 2.25, 4]])
  })

  test('trees cut where the target changes', () => {
    const y = [0, 0, 0, 0, 1, 1, 5, 5]
    const [edges] = treeBins([range(8)], { kind: 'regression', y }, { leaves: 3 })
    expect(edges).toEqual([0, 3.5, 5.5, 7])
    expect(piecewiseLinear(4, edges!)).toEqual([1, 0.25, 0])
    expect(treeThresholds(range(8), { kind: 'classes', y: [0, 0, 0, 1, 1, 1, 2, 2], classes: 3 }, { leaves: 3 })).toEqual([2.5, 5.5])
    // A leaf of at least three samples, and a decrease that the second split does not reach.
    expect(treeThresholds(range(8), { kind: 'regression', y }, { leaves: 8, minLeaf: 3 })).toEqual([4.5])
    expect(treeThresholds(range(8), { kind: 'regression', y }, { leaves: 8, minDecrease: 1 })).toEqual([5.5])
  })

  test('what cannot be binned is said, with its feature', () => {
    expect(() => quantileBins([range(4), [2, 2, 2, 2]], 2)).toThrow('feature 1 has one value only, 2')
    expect(() => quantileBins([[1, Number.NaN, 3]], 2)).toThrow('feature 0, sample 1: NaN')
    expect(() => quantileBins([[1, 2]], 2)).toThrow('from 2 to below the 2 samples')
    expect(() => treeBins([range(4)], { kind: 'regression', y: [1] }, { leaves: 2 })).toThrow('1 targets for 4 values')
    expect(() =>
      checkBins([
        [0, 1],
        [1, 1],
      ]),
    ).toThrow('feature 1 are not strictly ascending')
    expect(() => checkBins([[0]])).toThrow('1 edges')
    expect(() => checkBins([[0, Infinity]])).toThrow('edge that is Infinity')
    expect(() => embedding('QL', 2)).toThrow('there is no embedding "QL"; there are: none, L')
    expect(() => embedding('PL(lite)', 2)).toThrow('no embedding')
    expect(() => embedding('T-LR', 2)).toThrow('needs bins')
    expect(() => embedding('T-LR', 2, { bins: [[0, 1]] })).toThrow('bins of 1 features for 2')
    expect(() => embedding('LR', 2, { d: 0 })).toThrow('whole number from 1')
    expect(() => embedding('PLR', 2, { sigma: 0 })).toThrow('above 0')
    expect(() => transformer(1, { d: 20, blocks: 1, hidden: 8 })).toThrow('20 does not')
    expect(() => rowModel({ numbers: 2, outputs: 1, embedding: 'none', backbone: { kind: 'transformer', blocks: 1, hidden: 8 } })).toThrow(
      'end it in L or LR',
    )
  })
})

describe('embeddings', () => {
  test('L and LR, by hand', async () => {
    const params = { 1: { w: f32([1, -2], [1, 1, 2]), b: f32([0.5, 0.5], [1, 1, 2]) } }
    const full = { 0: {}, ...params, 2: {}, 3: {} }
    expect(await run(embedding('L', 1, { d: 2 }).layer, full, f32([2], [1, 1]))).toEqual([2.5, -3.5])
    expect(await run(embedding('LReLU', 1, { d: 2 }).layer, full, f32([2], [1, 1]))).toEqual([2.5, 0])
  })

  test('P: cosines, then sines', async () => {
    const params = { 0: {}, 1: { frequencies: f32([0.25, 0.5], [1, 1, 2]) }, 2: {} }
    const p = embedding('P', 1, { frequencies: 2 })
    expect(p.d).toBe(4)
    const got = await run(p.layer, params, f32([1, 0], [2, 1]))
    for (const [i, v] of [0, -1, 1, 0, 1, 1, 0, 0].entries()) expect(got[i]).toBeCloseTo(v, 6)
  })

  test('version B starts as the linear embedding that it holds', async () => {
    const bins = [[0, 1, 2]]
    const b = embedding('Q-LR', 1, { bins, d: 3, version: 'B' })
    const { params } = b.layer.init(Key.fromSeed(1))
    const { w, b: bias } = (params as never as { 1: { a: { w: NDArray; b: NDArray } } })[1].a
    const got = await run(b.layer, params, f32([1.5], [1, 1]))
    for (const [i, v] of got.entries()) expect(v).toBeCloseTo(numbersOf(w)[i]! * 1.5 + numbersOf(bias)[i]!, 6)
  })

  test("parameters of the paper's tuned models for eight features", () => {
    const mlp = (widths: number[]) => ({ kind: 'mlp' as const, widths })
    const bins = (count: number) => range(8).map(() => range(count + 1))
    const counts: readonly [number, Omit<RowModelOptions, 'numbers' | 'outputs'>][] = [
      [43_495, { embedding: 'none', backbone: mlp([586, 65]) }],
      [1_106_687, { embedding: 'L', embeddingOptions: { d: 106 }, backbone: mlp([784, 559]) }],
      [1_089_688, { embedding: 'LR', embeddingOptions: { d: 78 }, backbone: mlp([345, 646, 646, 357]) }],
      [639_877, { embedding: 'LRLR', embeddingOptions: { d: 93 }, backbone: mlp([762]) }],
      [563_041, { embedding: 'PLR', embeddingOptions: { frequencies: 3, d: 76 }, backbone: mlp([916]) }],
      [653_195, { embedding: 'PL', embeddingOptions: { frequencies: 40, d: 8 }, backbone: mlp([706, 850]) }],
      [5_972_726, { embedding: 'P', embeddingOptions: { frequencies: 44 }, backbone: mlp([118, 1021, 1021, 1021, 1021, 1021, 1021, 538]) }],
      [2_205_241, { embedding: 'Q-LR', embeddingOptions: { bins: bins(235), d: 23 }, backbone: mlp([552, 918, 918, 770]) }],
      [2_999_150, { embedding: 'none', backbone: { kind: 'resnet', blocks: 7, d: 333, hidden: 640 } }],
      [660_709, { embedding: 'L', embeddingOptions: { d: 200 }, backbone: { kind: 'transformer', blocks: 2, hidden: 277 } }],
      [
        1_627_991,
        { embedding: 'PLR', embeddingOptions: { frequencies: 128, d: 240 }, backbone: { kind: 'transformer', blocks: 3, hidden: 201 } },
      ],
    ]
    for (const [count, o] of counts) expect(nn.countParameters(rowModel({ ...o, numbers: 8, outputs: 1 }))).toBe(count)
  })

  test('every name on every backbone gives finite outputs; a category that is unknown is the zero vector', async () => {
    const x = f32([0.2, 1.4, 0, -0.3, 0.9, -1], [2, 3])
    const bins = [
      [0, 0.5, 1],
      [-1, 2],
    ]
    const names = 'none L LR LRLR Q Q-L Q-LR T-LRLR P PL PLR PLR(lite) PLRLR AutoDis'.split(' ')
    for (const name of names)
      for (const backbone of [
        { kind: 'mlp', widths: [4] },
        { kind: 'resnet', d: 4, hidden: 4, blocks: 1 },
        { kind: 'transformer', blocks: 2, hidden: 6 },
      ] as const) {
        if (backbone.kind === 'transformer' && /^(none|Q)$/.test(name)) continue
        const model = rowModel({
          numbers: 2,
          categories: [3],
          outputs: 2,
          embedding: name,
          embeddingOptions: { bins, d: 8, frequencies: 4, meta: 4 },
          backbone,
        })
        const { params, state } = model.init(Key.fromSeed(3))
        const f = compile((p: Tree<Tensor>, s: Tree<Tensor>, t: Tensor) => model.apply(p, s, t)[0], runtime)
        const got = numbersOf(await f(params, state, x))
        expect(got.length).toBe(4)
        expect(got.every(Number.isFinite), `${name} ${backbone.kind}`).toBe(true)
        const other = numbersOf(await f(params, state, f32([0.2, 1.4, 2, -0.3, 0.9, 7], [2, 3])))
        expect(other[0]).not.toBe(got[0])
        expect(other[2]).toBe(got[2])
      }
  })
})
