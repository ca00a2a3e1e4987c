import { describe, expect, it } from 'vitest'
import { f32, type NDArray, numbersOf } from '../graph/array.ts'
import { spec } from '../graph/dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { trace } from '../graph/trace.ts'
import { flatten, leaves, mapTree, type Tree } from '../graph/tree.ts'
import { interpret } from '../interpret/interpret.ts'
import { Key } from '../random/key.ts'
import { draw } from './draw.ts'
import * as nn from './index.ts'

const KEY = Key.fromSeed(3)

/** Output and new state of a layer, in double precision. */
function run(model: nn.Layer, params: Tree<NDArray>, state: Tree<NDArray>, x: NDArray, { train = false, seed = 1 } = {}) {
  const type = (t: Tree<NDArray>) => mapTree<unknown, NDArray, unknown>(t, a => spec(a.dtype as 'f32', a.shape)) as Tree<never>
  const traced = trace(
    (p: Tree<Tensor>, s: Tree<Tensor>, input: Tensor, key: Tensor) => {
      const [y, next] = model.apply(p, s, input, { key, train })
      return { y, next }
    },
    [type(params), type(state), type(x), spec('i64', [2])],
  )
  const list = [params, state, x].flatMap(t => flatten<NDArray>(t).list)
  const key: NDArray = { dtype: 'i64', shape: [2], data: Key.fromSeed(seed).toInt64() }
  return traced.rebuild(interpret(traced.graph, [...list, key])) as { y: NDArray; next: Record<string, NDArray> }
}

function output(model: nn.Layer, x: NDArray, options: { train?: boolean; seed?: number } = {}) {
  const { params, state } = model.init(KEY, spec(x.dtype as 'f32', x.shape))
  return { params, state, ...run(model, params, state, x, options) }
}

const values = (n: number, seed = 5): number[] => [...(draw(nn.free([n], nn.normal(1)), Key.fromSeed(seed)).data as Float32Array)]
const close = (got: ArrayLike<number>, want: ArrayLike<number>, tolerance = 1e-6) => {
  expect(got.length).toBe(want.length)
  for (let i = 0; i < want.length; i++) expect(Math.abs(got[i]! - want[i]!), `at ${i}: ${got[i]} for ${want[i]}`).toBeLessThan(tolerance)
}

describe('inits', () => {
  const deviation = (a: ArrayLike<number>) => Math.sqrt(Array.from(a).reduce((s, x) => s + x * x, 0) / a.length)
  it('have the deviation that they say', () => {
    const p = (init: nn.Init) => nn.weight([50, 200], { init })
    for (const [init, want] of [
      [nn.normal(0.5), 0.5],
      [nn.truncatedNormal(0.5), 0.5],
      [nn.uniform(1), 1 / Math.sqrt(3)],
      [nn.fanIn(), 1 / Math.sqrt(50)],
      [nn.xavier(2), 2 * Math.sqrt(2 / 250)],
      [nn.kaiming(), Math.sqrt(2 / 50)],
      [nn.torchDefault, 1 / Math.sqrt(150)],
    ] as const)
      expect(deviation(draw(p(init), KEY).data as Float32Array) / want).toBeCloseTo(1, 1.5)
    const cut = draw(p(nn.truncatedNormal(1)), KEY).data as Float32Array
    expect(Math.max(...cut)).toBeLessThan(2 / 0.8796)
  })
  it('orthogonal: columns, or rows where there are fewer, are orthonormal', () => {
    for (const [rows, columns] of [
      [7, 4],
      [4, 7],
    ] as const) {
      const a = draw(nn.weight([rows, columns], { init: nn.orthogonal(2) }), KEY).data as Float32Array
      const [n, d] = rows > columns ? [columns, rows] : [rows, columns]
      const at = (v: number, i: number) => (rows > columns ? a[i * columns + v]! : a[v * columns + i]!)
      for (let u = 0; u < n; u++)
        for (let v = 0; v < n; v++) {
          let dot = 0
          for (let i = 0; i < d; i++) dot += at(u, i) * at(v, i)
          expect(dot).toBeCloseTo(u === v ? 4 : 0, 5)
        }
    }
  })
  it('depend on the key and the path alone', () => {
    const make = (more: object) => nn.sequence({ a: nn.linear(3, 4), ...more })
    const small = make({}).init(KEY).params as never as { a: { w: NDArray } }
    const large = make({ z: nn.linear(4, 4) }).init(KEY).params as never as { a: { w: NDArray } }
    expect(small.a.w.data).toEqual(large.a.w.data)
    expect(make({}).init(Key.fromSeed(4)).params).not.toEqual(small)
  })
  it('layers of a repeat and parts of a matrix are drawn apart', () => {
    const { params } = nn.repeat(2, nn.attention(4, { heads: 2, init: { v: nn.zeros } })).init(KEY)
    const qkv = (params as { qkv: NDArray }).qkv
    expect(qkv.shape).toEqual([2, 4, 12])
    const row = (layer: number) => [...(qkv.data as Float32Array).subarray(layer * 48, layer * 48 + 12)]
    expect(row(0)).not.toEqual(row(1))
    expect(row(0).slice(8)).toEqual([0, 0, 0, 0])
    expect(row(0).slice(0, 4)).not.toEqual(row(0).slice(4, 8))
  })
})

describe('layers', () => {
  it('linear is x·w + b', () => {
    const layer = nn.linear(2, 3)
    const params = {
      w: f32([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      b: f32([10, 20, 30]),
    }
    close(
      numbersOf(
        run(
          layer,
          params,
          {},
          f32([
            [1, 1],
            [2, 0],
          ]),
        ).y,
      ),
      [15, 27, 39, 12, 24, 36],
    )
  })
  it('a tied readout multiplies by the table, and its gradient path is the same tensor', () => {
    const E = nn.embedding(3, 2)
    const model = nn.sequence(E, E.readout())
    const params = {
      0: {
        table: f32([
          [1, 0],
          [0, 2],
          [1, 1],
        ]),
      },
      1: {},
    }
    expect(leaves(model.parameters).map(([path]) => path)).toEqual(['0/table'])
    close(
      numbersOf(run(model, params, { 0: {}, 1: {} }, { dtype: 'i64', shape: [2], data: BigInt64Array.of(1n, 2n) }).y),
      [0, 4, 2, 1, 2, 2],
    )
    expect(() => nn.sequence(E.readout()).init(KEY, spec('f32', [1, 2]))).toThrow(/the owner first/)
  })
  it('repeat is its block, copy after copy', () => {
    const block = nn.sequence({ a: nn.linear(3, 3), act: nn.fn(x => x), n: nn.layerNorm(3) })
    const x = f32(values(6), [2, 3])
    const { params, y } = output(nn.repeat(3, block), x)
    let h = x
    for (let i = 0; i < 3; i++) {
      const own = mapTree<unknown, NDArray, NDArray>(params, a => {
        const n = a.data.length / 3
        return { ...a, shape: a.shape.slice(1), data: (a.data as Float32Array).slice(i * n, (i + 1) * n) }
      }) as Tree<NDArray>
      h = run(block, own, { a: {}, act: {}, n: {} }, h).y
      h = { ...h, dtype: 'f32', data: Float32Array.from(h.data as Float64Array) }
    }
    close(numbersOf(y), numbersOf(h), 1e-5)
  })
  it('an observed model tells the output of every layer with its path, copy by copy, and computes the same', () => {
    const model = nn.sequence({
      in: nn.linear(3, 4),
      blocks: nn.repeat(2, nn.block({ d: 4, attention: nn.attention(4, { heads: 2 }), ffn: nn.ffn(4, { dropout: 0.5 }) })),
    })
    const { params, state } = model.init(KEY)
    const types = (t: Tree<NDArray>) => mapTree<unknown, NDArray, unknown>(t, a => spec('f32', a.shape)) as Tree<never>
    const paths: string[] = []
    const outputs = [false, true].map(observed => {
      const traced = trace(
        (p: Tree<Tensor>, x: Tensor, key: Tensor) =>
          model.apply(p, state as never, x, { key, train: true, ...(observed ? { observe: (path: string) => paths.push(path) } : {}) })[0],
        [types(params), spec('f32', [1, 2, 3]), spec('i64', [2])],
      )
      return numbersOf(
        interpret(traced.graph, [
          ...flatten<NDArray>(params).list,
          f32(values(6), [1, 2, 3]),
          { dtype: 'i64', shape: [2], data: KEY.toInt64() },
        ])[0]!,
      )
    })
    expect(outputs[1]).toEqual(outputs[0])
    for (const path of ['in', 'blocks', 'blocks/1', 'blocks/0/attention/branch/logits', 'blocks/1/ffn/branch/up', ''])
      expect(paths).toContain(path)
  })
  it('channels that are convolved each for itself may scale', () => {
    const c = nn.dim('c', 6, { base: 2 })
    const layer = nn.conv2d(c, c, 3, { groups: c })
    expect((layer.parameters as { w: nn.Parameter }).w.dims).toEqual([c, 1, 3, 3])
    expect(output(layer, f32(values(54), [1, 6, 3, 3])).y.shape).toEqual([1, 6, 1, 1])
  })
  it('dropout is off outside of training, and another key is another mask', () => {
    const x = f32(values(64), [64])
    const model = nn.sequence(nn.dropout(0.5))
    expect([...numbersOf(output(model, x).y)]).toEqual([...x.data])
    const [a, b] = [1, 2].map(seed => numbersOf(output(model, x, { train: true, seed }).y))
    expect(a).not.toEqual(b)
    for (const [i, v] of a!.entries()) expect([0, 2 * (x.data[i] as number)]).toContain(v)
    const layered = numbersOf(output(nn.repeat(2, nn.dropout(0.5)), x, { train: true }).y)
    expect(layered.filter(v => v === 0).length).toBeGreaterThan(36)
  })
  it('batch norm normalises in training, moves its statistics, and uses them in evaluation', () => {
    const model = nn.batchNorm(1, { momentum: 0.5, epsilon: 0 })
    const x = f32([1, 2, 3, 6], [4, 1])
    const { params, y, next } = output(model, x, { train: true })
    const [mean, variance] = [3, 3.5]
    close(
      numbersOf(y),
      [1, 2, 3, 6].map(v => (v - mean) / Math.sqrt(variance)),
    )
    close(numbersOf(next['mean']!), [1.5])
    close(numbersOf(next['variance']!), [0.5 + 0.5 * (14 / 3)])
    const state = mapTree<unknown, NDArray, NDArray>(next, a => f32(numbersOf(a), a.shape)) as Tree<NDArray>
    close(
      numbersOf(run(model, params, state, x).y),
      [1, 2, 3, 6].map(v => (v - 1.5) / Math.sqrt(0.5 + 7 / 3)),
      1e-6,
    )
  })
  it('spectral norm brings the largest singular value to 1', () => {
    const model = nn.spectralNorm(nn.linear(3, 3, { bias: false }))
    const params = {
      w: f32([
        [3, 0, 0],
        [0, 5, 0],
        [0, 0, 1],
      ]),
    }
    let { state } = model.init(KEY)
    for (let i = 0; i < 30; i++) {
      const { next } = run(model, params, state, f32([[0, 1, 0]]), { train: true })
      state = mapTree<unknown, NDArray, NDArray>(next, a => f32(numbersOf(a), a.shape)) as Tree<NDArray>
    }
    close(
      numbersOf(
        run(
          model,
          params,
          state,
          f32([
            [0, 1, 0],
            [1, 0, 0],
          ]),
        ).y,
      ),
      [0, 1, 0, 0.6, 0, 0],
      1e-4,
    )
  })
  it('causal attention does not see what comes after; without the mask it does', () => {
    for (const causal of [true, false]) {
      const model = nn.attention(4, { heads: 2, causal })
      const a = values(12)
      const b = [...a.slice(0, 8), ...values(4, 9)]
      const [ya, yb] = [a, b].map(v => numbersOf(output(model, f32(v, [1, 3, 4])).y).slice(0, 8))
      if (causal) expect(ya).toEqual(yb)
      else expect(ya).not.toEqual(yb)
    }
  })
  it('LSTM and GRU are their equations', () => {
    const sigmoid = (v: number) => 1 / (1 + Math.exp(-v))
    const x = values(3)
    const scalars = (n: number, seed: number) => values(n, seed)
    const wide = (n: number) => ({
      input: f32(scalars(n, 11), [1, n]),
      hidden: f32(scalars(n, 12), [1, n]),
      inputBias: f32(scalars(n, 13)),
      hiddenBias: f32(scalars(n, 14)),
    })
    const gate = (p: ReturnType<typeof wide>, i: number, v: number, h: number) => ({
      a: v * (p.input.data[i] as number) + (p.inputBias.data[i] as number),
      b: h * (p.hidden.data[i] as number) + (p.hiddenBias.data[i] as number),
    })
    const pl = wide(4)
    let [h, c] = [0, 0]
    const lstm = x.map(v => {
      const z = [0, 1, 2, 3].map(i => gate(pl, i, v, h)).map(({ a, b }) => a + b) as [number, number, number, number]
      c = sigmoid(z[1]) * c + sigmoid(z[0]) * Math.tanh(z[2])
      h = sigmoid(z[3]) * Math.tanh(c)
      return h
    })
    close(numbersOf(run(nn.lstm(1, 1), pl, {}, f32(x, [1, 3, 1])).y), lstm)
    const pg = wide(3)
    h = 0
    const gru = x.map(v => {
      const [r, z, n] = [0, 1, 2].map(i => gate(pg, i, v, h)) as [
        { a: number; b: number },
        { a: number; b: number },
        { a: number; b: number },
      ]
      const fresh = Math.tanh(n.a + sigmoid(r.a + r.b) * n.b)
      const u = sigmoid(z.a + z.b)
      h = (1 - u) * fresh + u * h
      return h
    })
    close(numbersOf(run(nn.gru(1, 1), pg, {}, f32(x, [1, 3, 1])).y), gru)
  })
  it('shapes that do not fit are found by init, with both shapes named', () => {
    expect(() => nn.sequence(nn.linear(3, 4), nn.linear(5, 1)).init(KEY, spec('f32', [2, 3]))).toThrow(/inner sizes 4 and 5/)
  })
})

describe('parametrisations', () => {
  it('change inits and rates where parameters are declared, and multiply where they are used', () => {
    const d = nn.dim('model', 64, { base: 16 })
    const E = nn.embedding(10, d)
    const model = nn.sequence({ embed: E, ff: nn.ffn(d), out: E.readout() })
    const uses: string[] = []
    const scaled = nn.parametrise(model, {
      parameter: (p, _path) => {
        const infinite = p.dims.filter(s => typeof s !== 'number').length
        return infinite === 2
          ? p.with({ lr: 1 / nn.widthOf(p.fanIn[0]!), decay: nn.widthOf(p.fanIn[0]!) }).withInit(i => nn.scaled(i, 0.5))
          : p
      },
      multiplier: use => {
        uses.push(use.kind)
        return use.kind === 'readout' ? 0.25 : 1
      },
    })
    const factors = nn.factorsOf(scaled)
    expect(factors('ff/up/w')).toEqual({ lr: 0.25, decay: 4, stack: 1 })
    expect(factors('embed/table').lr).toBe(1)
    const [a, b] = [model, scaled].map(m => m.init(KEY).params as never as { embed: { table: NDArray }; ff: { up: { w: NDArray } } })
    expect(b!.embed).toEqual(a!.embed)
    close(
      b!.ff.up.w.data as Float32Array,
      (a!.ff.up.w.data as Float32Array).map(v => v / 2),
      1e-9,
    )
    const x: NDArray = { dtype: 'i64', shape: [1], data: BigInt64Array.of(3n) }
    const state = model.init(KEY).state
    const plain = numbersOf(run(model, a as never, state, x).y)
    close(
      numbersOf(run(scaled, a as never, state, x).y),
      plain.map(v => v / 4),
      1e-9,
    )
    expect(new Set(uses)).toEqual(new Set(['input', 'hidden', 'readout']))
  })
})
