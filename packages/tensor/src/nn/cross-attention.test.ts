import { expect, it } from 'vitest'
import { grad } from '../autodiff/vjp.ts'
import { type NDArray, numbersOf } from '../graph/array.ts'
import { spec } from '../graph/dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { trace } from '../graph/trace.ts'
import { flatten, mapTree, type Tree } from '../graph/tree.ts'
import { interpret } from '../interpret/interpret.ts'
import { crossEntropy } from '../ops/index.ts'
import { Key } from '../random/key.ts'
import * as nn from './index.ts'

const KEY = Key.fromSeed(8)

/** A function of trees of arrays, in double precision. */
function run(f: (...args: never[]) => Tree<Tensor>, ...args: readonly Tree<NDArray>[]): Float64Array[] {
  const types = args.map(a => mapTree<unknown, NDArray, unknown>(a, x => spec(x.dtype as 'f32', x.shape))) as Tree<never>[]
  return interpret(
    trace(f as never, types).graph,
    args.flatMap(a => flatten<NDArray>(a).list),
  ).map(a => Float64Array.from(numbersOf(a)))
}
const drawn = (shape: number[], seed: number): NDArray => nn.draw(nn.free(shape, nn.normal(1)), Key.fromSeed(seed))
const tokens = (list: number[], shape: number[]): NDArray => ({ dtype: 'i64', shape, data: BigInt64Array.from(list, BigInt) })
const close = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number) => {
  expect(a.length).toBe(b.length)
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i]! - b[i]!), `at ${i}: ${a[i]}, ${b[i]}`).toBeLessThan(tolerance)
}

it('is softmax(q·kᵀ/√size)·v of each head, keys and values from a memory of another width', () => {
  const [d, m, heads, batch, time, other] = [4, 6, 2, 2, 3, 5]
  const layer = nn.crossAttention(d, { heads, memory: m })
  const p = mapTree<unknown, nn.Parameter, NDArray>(layer.parameters, q => drawn(q.shape, q.shape.length * 10 + q.shape.at(-1)!)) as Record<
    string,
    NDArray
  >
  const [x, memory] = [drawn([batch, time, d], 1), drawn([batch, other, m], 2)]
  const [y] = run(
    (params: Tree<Tensor>, a: Tensor, b: Tensor) => layer.apply(params, {}, a, { memory: b })[0],
    p as Tree<NDArray>,
    x,
    memory,
  )
  const get = (a: NDArray, ...index: number[]) => Number(a.data[index.reduce((at, i, k) => at * a.shape[k]! + i, 0)])
  const row = (from: (i: number) => number, n: number, w: NDArray, b: NDArray, column: number) =>
    Array.from({ length: n }, (_, i) => from(i) * get(w, i, column)).reduce((s, v) => s + v, get(b, column))
  const want: number[] = []
  for (let n = 0; n < batch; n++)
    for (let t = 0; t < time; t++) {
      const joined: number[] = []
      for (let h = 0; h < heads; h++) {
        const size = d / heads
        const at = (c: number) => h * size + c
        const q = [0, 1].map(c => row(i => get(x, n, t, i), d, p['q']!, p['qBias']!, at(c)))
        const kv = (s: number, c: number) => row(i => get(memory, n, s, i), m, p['kv']!, p['kvBias']!, c)
        const logits = Array.from({ length: other }, (_, s) => q.reduce((z, v, c) => z + v * kv(s, at(c)), 0) / Math.sqrt(size))
        const total = logits.reduce((z, v) => z + Math.exp(v), 0)
        for (let c = 0; c < size; c++) joined.push(logits.reduce((z, v, s) => z + (Math.exp(v) / total) * kv(s, d + at(c)), 0))
      }
      for (let c = 0; c < d; c++) want.push(row(i => joined[i]!, d, p['out']!, p['outBias']!, c))
    }
  close(y!, want, 1e-7)
})

const translator = (heads = 2) => {
  const d = 8
  const attention = (causal: boolean) => nn.attention(d, { heads, causal })
  const encoder = nn.sequence({
    embedding: nn.embedding(7, d, { init: nn.normal(0.4) }),
    blocks: nn.repeat(2, nn.block({ d, attention: attention(false), ffn: nn.ffn(d) })),
  })
  const table = nn.embedding(5, d, { init: nn.normal(0.4) })
  const decoder = nn.sequence({
    table,
    blocks: nn.repeat(3, nn.block({ d, attention: attention(true), cross: nn.crossAttention(d, { heads }), ffn: nn.ffn(d) })),
    out: table.readout(),
  })
  return nn.encoderDecoder({ encoder, decoder, source: 4 })
}

it('an encoder–decoder: every output depends on the whole source, and on no later token of the target', () => {
  const model = translator()
  const { params, state } = model.init(KEY, spec('i64', [1, 7]))
  const out = (list: number[]) =>
    run((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => model.apply(p, s, x)[0], params, state, tokens(list, [1, 7]))[0]!
  const first = out([1, 2, 3, 4, 0, 1, 2])
  expect(first).toHaveLength(3 * 5)
  const rows = (y: Float64Array) => [0, 1, 2].map(t => [...y.subarray(5 * t, 5 * t + 5)])
  for (const place of [0, 1, 2, 3]) {
    const source = [1, 2, 3, 4]
    source[place] = 6
    for (const [t, r] of rows(out([...source, 0, 1, 2])).entries()) expect(r, `source ${place}, output ${t}`).not.toEqual(rows(first)[t])
  }
  const later = rows(out([1, 2, 3, 4, 0, 4, 2]))
  expect(later[0]).toEqual(rows(first)[0])
  expect(later[1]).not.toEqual(rows(first)[1])
})

it('gradients reach the encoder through every copy of the decoder’s block', () => {
  const model = translator()
  const { params, state } = model.init(KEY, spec('i64', [2, 7]))
  const x = tokens([1, 2, 3, 4, 0, 1, 2, 6, 5, 0, 1, 3, 3, 0], [2, 7])
  const y = tokens([1, 2, 3, 3, 0, 4], [2, 3])
  const loss = (p: Tree<Tensor>, s: Tree<Tensor>, a: Tensor, b: Tensor) => crossEntropy(model.apply(p, s, a)[0], b)
  const gradients = run((p: Tree<Tensor>, s: Tree<Tensor>, a: Tensor, b: Tensor) => grad(loss)(p, s, a, b), params, state, x, y)
  const { list, paths, rebuild } = flatten<NDArray>(params)
  // Along a direction of the encoder's parameters alone, which its outputs alone hand on.
  const along = list.map((a, i) =>
    paths[i]!.startsWith('encoder') ? drawn([...a.shape], 40 + i) : { ...a, data: new Float32Array(a.data.length) },
  )
  const slope = gradients.reduce((s, g, i) => s + g.reduce((z, v, k) => z + v * Number(along[i]!.data[k]), 0), 0)
  const at = (h: number) =>
    run(
      loss as never,
      rebuild(
        list.map((a, i) => ({ ...a, data: Float64Array.from(numbersOf(a), (v, k) => v + h * Number(along[i]!.data[k])) as never })),
      ) as Tree<NDArray>,
      state,
      x,
      y,
    )[0]![0]!
  const h = 1e-5
  expect(Math.abs(slope)).toBeGreaterThan(1e-3)
  expect((at(h) - at(-h)) / (2 * h)).toBeCloseTo(slope, 5)
})

it('says what is missing: a memory, a target, a divisor', () => {
  const layer = nn.crossAttention(8, { heads: 2, memory: 6 })
  expect(() => layer.init(KEY, spec('f32', [1, 2, 8]))).toThrow(/reads a memory: put it into the decoder of an encoderDecoder/)
  expect(() => translator().init(KEY, spec('i64', [1, 4]))).toThrow(/encoderDecoder takes \[batch, 4 tokens of the source, then/)
  expect(() => translator(3)).toThrow(/attention: a width of 8 does not divide into 3 heads/)
  expect(() => nn.crossAttention(8, { heads: 0 })).toThrow(/0 heads; it needs a whole number from 1/)
  const wrong = (x: Tensor, memory: Tensor) => layer.apply(layer.parameters as never, {}, x, { memory })[0]
  expect(() => run(wrong as never, drawn([1, 2, 8], 1), drawn([1, 2, 8], 2))).toThrow(/memory \[batch, other time, 6\], not/)
})
