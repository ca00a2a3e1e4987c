import {
  compile,
  f32,
  flatten,
  grad,
  interpreter,
  Key,
  mul,
  type NDArray,
  nn,
  numbersOf,
  slice,
  sum,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import { describe, expect, it, test } from 'vitest'
import type { CellForm } from './cell.ts'
import type { GateKind } from './gate.ts'
import { type RecurrentAttentionOptions, recurrentAttention } from './recurrent-attention.ts'
import { restart } from './restart.ts'
import { windowAttention } from './window-attention.ts'

const f64 = interpreter({ precision: 'f64' })
const key = Key.fromSeed(4)
const [batch, w, d] = [2, 4, 8] as const
const options = { batch, heads: 2, window: w, states: 3 } as const
const layer = (more: Partial<RecurrentAttentionOptions> = {}) => recurrentAttention(d, { ...options, ...more })
const text = (name: string, time: number): NDArray => nn.draw(nn.free([batch, time, d], nn.normal(1)), key.fork(name))

type Out = { readonly y: NDArray; readonly state: Tree<NDArray> }
/** Several lengths of text are meant. */
const QUIET = { onRetrace: () => {} }
const apply = (of: nn.Layer) => {
  const run = compile(
    (p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => {
      const [y, state] = of.apply(p, s, x)
      return { y, state } as never
    },
    f64,
    QUIET,
  )
  return (p: Tree<NDArray>, s: Tree<NDArray>, x: NDArray): Promise<Out> => run(p, single(s), x) as never
}
/** States that came out in double precision, to go in again. */
const single = (s: Tree<NDArray>): Tree<NDArray> => {
  const { list, rebuild } = flatten<NDArray>(s)
  return rebuild(list.map(a => f32(a.data as Float64Array, a.shape)))
}
const part = (x: NDArray, from: number, to: number): NDArray => {
  const [rows, time, n] = x.shape as [number, number, number]
  const data = Float32Array.from({ length: rows * (to - from) * n }, (_, i) => {
    const row = Math.floor(i / ((to - from) * n))
    return x.data[row * time * n + from * n + (i % ((to - from) * n))] as number
  })
  return f32(data, [rows, to - from, n])
}
const edited = (x: NDArray, at: number): NDArray => {
  const data = Float32Array.from(x.data as Float32Array)
  for (let row = 0; row < x.shape[0]!; row++) for (let c = 0; c < d; c++) data[(row * x.shape[1]! + at) * d + c]! += c % 2 ? 1 : -0.5
  return f32(data, x.shape)
}
const largest = (a: NDArray, b: NDArray) => {
  const [p, q] = [numbersOf(a), numbersOf(b)]
  expect(p.length).toBe(q.length)
  return Math.max(...Array.from(p, (v, i) => Math.abs(v - q[i]!)))
}
const rowOf = (y: NDArray, t: number) => part(y, t, t + 1)
const stateOf = (s: Tree<NDArray>) => (s as { states: NDArray }).states
const GATES: readonly GateKind[] = ['fixed', 'lstm', 'gru']
const FORMS: readonly CellForm[] = ['skip', 'dual', 'single']

for (const form of FORMS)
  for (const gate of GATES)
    describe(`${gate}:${form}`, () => {
      const of = layer({ form, gate })
      const { params, state } = of.init(key)
      const run = apply(of)
      it('no output depends on later tokens, nor states on later blocks', async () => {
        const x = text('x', 4 * w)
        const whole = await run(params, state, x)
        for (const at of [1, w, 2 * w + 1, 4 * w - 1]) {
          const other = await run(params, state, edited(x, at))
          for (let t = 0; t < at; t++) expect(largest(rowOf(whole.y, t), rowOf(other.y, t)), `${at} → ${t}`).toBe(0)
          if (at < 4 * w - 1) expect(largest(rowOf(whole.y, at + 1), rowOf(other.y, at + 1))).toBeGreaterThan(1e-4)
          expect(largest(stateOf(whole.state), stateOf(other.state))).toBeGreaterThan(1e-8)
        }
        // A token beyond every window is felt through the states.
        const far = await run(params, state, edited(x, 0))
        expect(largest(rowOf(whole.y, 4 * w - 1), rowOf(far.y, 4 * w - 1))).toBeGreaterThan(1e-8)
        // The states after block 1 know nothing of block 2.
        const early = await run(params, state, part(x, 0, 2 * w))
        const later = await run(params, state, part(edited(x, 2 * w), 0, 2 * w))
        expect(largest(stateOf(early.state), stateOf(later.state))).toBe(0)
      })
      it('one segment of eight blocks is eight segments of one, the states, keys and values carried', async () => {
        const x = text('long', 8 * w)
        const whole = await run(params, state, x)
        let s = state
        for (let b = 0; b < 8; b++) {
          const out = await run(params, s, part(x, b * w, (b + 1) * w))
          expect(largest(out.y, part(whole.y, b * w, (b + 1) * w))).toBeLessThan(1e-5)
          s = out.state
        }
        expect(largest(stateOf(s), stateOf(whole.state))).toBeLessThan(1e-5)
      })
    })

test('tokens read the states that came in', async () => {
  const of = layer()
  const { params, state } = of.init(key)
  const run = apply(of)
  const first = await run(params, state, text('x', w))
  const shifted = {
    ...(first.state as object),
    states: f32(
      Array.from(stateOf(first.state).data as Float64Array, (v, i) => v + (i % 3)),
      stateOf(first.state).shape,
    ),
  }
  const [a, b] = [await run(params, first.state, text('y', w)), await run(params, shifted as Tree<NDArray>, text('y', w))]
  for (let t = 0; t < w; t++) expect(largest(rowOf(a.y, t), rowOf(b.y, t))).toBeGreaterThan(1e-3)
})

test('a document that begins forgets the one before, in its row alone', async () => {
  for (const of of [layer(), windowAttention(d, options)]) {
    const { params, state } = of.init(key)
    const run = apply(of)
    const before = await run(params, state, text('x', 2 * w))
    const anew = compile((s: Tree<Tensor>, start: Tensor) => restart(s, start) as never, f64)
    const begun = (await anew(single(before.state), f32([0, 1]))) as Tree<NDArray>
    const [kept, fresh, mixed] = [
      await run(params, before.state, text('y', 2 * w)),
      await run(params, state, text('y', 2 * w)),
      await run(params, begun, text('y', 2 * w)),
    ]
    const row = (y: NDArray, i: number) => f32([...numbersOf(y)].slice(i * 2 * w * d, (i + 1) * 2 * w * d))
    expect(largest(row(mixed.y, 0), row(kept.y, 0))).toBe(0)
    expect(largest(row(mixed.y, 1), row(fresh.y, 1))).toBe(0)
    expect(largest(row(kept.y, 1), row(fresh.y, 1))).toBeGreaterThan(1e-3)
  }
})

test('the first token of a document sees nothing: a window gives it zeros', async () => {
  const of = windowAttention(d, options)
  const { params, state } = of.init(key)
  const { y } = await apply(of)(params, state, text('x', w))
  expect(numbersOf(rowOf(y, 0)).every(v => v === 0)).toBe(true)
  expect(numbersOf(rowOf(y, 1)).some(v => Math.abs(v) > 1e-3)).toBe(true)
})

describe('gradients', () => {
  const at = (x: Tensor, from: number, to: number) => slice(x, [null, [from, to]])
  const squares = (x: Tensor) => sum(mul(x, x))
  const size = (x: NDArray) => Math.max(...Array.from(numbersOf(x), Math.abs))
  it('reach the first block of a segment from the last, through the states alone', async () => {
    const of = layer()
    const { params, state } = of.init(key)
    const f = compile(
      (p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => grad((z: Tensor) => squares(at(of.apply(p, s, z)[0], 7 * w, 8 * w)))(x),
      f64,
    )
    // From block 8, keys and values lead back to block 7 and no farther: what arrives at block 1 went through the states.
    const g = (await f(params, state, text('long', 8 * w))) as NDArray
    expect(size(part(g, 0, w))).toBeGreaterThan(1e-6)
    const slide = windowAttention(d, options)
    const start = slide.init(key)
    const h = compile(
      (p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => grad((z: Tensor) => squares(at(slide.apply(p, s, z)[0], 7 * w, 8 * w)))(x),
      f64,
    )
    const gs = (await h(start.params, start.state, text('long', 8 * w))) as NDArray
    expect(size(part(gs, 0, 6 * w))).toBe(0)
    expect(size(part(gs, 6 * w, 7 * w))).toBeGreaterThan(1e-3)
  })
  it('are exactly zero across the segments, and there where the output is not', async () => {
    for (const of of [layer(), windowAttention(d, options)]) {
      const { params, state } = of.init(key)
      const second = (p: Tree<Tensor>, s: Tree<Tensor>, a: Tensor, b: Tensor) => of.apply(p, of.apply(p, s, a)[1], b)[0]
      const f = compile(
        (p: Tree<Tensor>, s: Tree<Tensor>, a: Tensor, b: Tensor) => grad((z: Tensor) => squares(second(p, s, z, b)))(a),
        f64,
      )
      expect(size((await f(params, state, text('a', 2 * w), text('b', 2 * w))) as NDArray)).toBe(0)
      const y = compile(second, f64)
      const [one, other] = [
        await y(params, state, text('a', 2 * w), text('b', 2 * w)),
        await y(params, state, edited(text('a', 2 * w), 2 * w - 1), text('b', 2 * w)),
      ]
      expect(largest(one as NDArray, other as NDArray)).toBeGreaterThan(1e-3)
    }
  })
  it('of Transformer-XL stop at every block, its values are those of the sliding window', async () => {
    const [slide, xl] = [windowAttention(d, options), windowAttention(d, { ...options, gradient: 'window' })]
    const { params, state } = slide.init(key)
    const x = text('x', 3 * w)
    expect(largest((await apply(slide)(params, state, x)).y, (await apply(xl)(params, state, x)).y)).toBe(0)
    const f = compile(
      (p: Tree<Tensor>, s: Tree<Tensor>, z: Tensor) => grad((v: Tensor) => squares(at(xl.apply(p, s, v)[0], 2 * w, 3 * w)))(z),
      f64,
    )
    const g = (await f(params, state, x)) as NDArray
    expect(size(part(g, 0, 2 * w))).toBe(0)
    expect(size(part(g, 2 * w, 3 * w))).toBeGreaterThan(1e-3)
  })
})

describe('states are a set', () => {
  const of = layer({ form: 'dual' })
  const { params, state } = of.init(key)
  const run = apply(of)
  type P = { initial: NDArray; cell: { ids: NDArray } }
  const withRows = (change: (a: NDArray) => NDArray): Tree<NDArray> => {
    const p = params as unknown as P
    return { ...p, initial: change(p.initial), cell: { ...p.cell, ids: change(p.cell.ids) } } as unknown as Tree<NDArray>
  }
  it('exchanged with their vectors and first values they are the same to the tokens', async () => {
    const order = [2, 0, 1]
    const turned = withRows(a =>
      f32(
        order.flatMap(i => [...(a.data as Float32Array).subarray(i * d, (i + 1) * d)]),
        a.shape,
      ),
    )
    const x = text('x', 3 * w)
    const [one, other] = [await run(params, state, x), await run(turned, state, x)]
    expect(largest(one.y, other.y)).toBeLessThan(1e-12)
    expect(largest(stateOf(one.state), stateOf(other.state))).toBeGreaterThan(1e-2)
  })
  it('with equal vectors and first values they stay alike for ever', async () => {
    const alike = withRows(a =>
      f32(
        [0, 1, 2].flatMap(() => [...(a.data as Float32Array).subarray(0, d)]),
        a.shape,
      ),
    )
    const s = numbersOf(stateOf((await run(alike, state, text('x', 5 * w))).state))
    for (let row = 0; row < batch; row++)
      for (const slot of [1, 2]) for (let c = 0; c < d; c++) expect(s[(row * 3 + slot) * d + c]).toBeCloseTo(s[row * 3 * d + c]!, 12)
  })
})

test('parameters of the cell: what each form and gate adds', () => {
  const count = (form: CellForm, gate: GateKind, hidden = 5) => nn.countParameters(layer({ form, gate, hidden }))
  const skip = count('skip', 'fixed')
  expect(count('skip', 'lstm') - skip).toBe(2 * (2 * d * d + d) - d)
  expect(count('skip', 'gru') - skip).toBe(2 * d * d)
  // A net, its norm and its gate.
  expect(count('dual', 'fixed') - skip).toBe(2 * d * 5 + d + d)
  // The net reads both halves, and the linear layer is gone.
  expect(count('single', 'fixed') - skip).toBe(3 * d * 5 - 2 * d * d)
  for (const gate of GATES)
    for (const form of ['dual', 'single'] as const) expect(count(form, gate, 4 * d)).toBeGreaterThan(count('skip', gate))
})

test('what does not fit is said', async () => {
  expect(() => layer({ window: 0 })).toThrow(/the window is a whole number from 1, not 0/)
  expect(() => layer({ heads: 3 })).toThrow(/width of 8 does not divide into 3 heads/)
  expect(() => layer({ states: 0 })).toThrow(/number of states is a whole number from 1, not 0/)
  expect(() => windowAttention(d, { ...options, window: 1.5 })).toThrow(/the window/)
  const of = layer()
  const { params, state } = of.init(key)
  const run = apply(of)
  await expect(run(params, state, text('x', w + 1))).rejects.toThrow(/segment of 5 tokens is no multiple of the window of 4/)
  await expect(run(params, state, f32(new Float32Array(3 * w * d), [3, w, d]))).rejects.toThrow(/past of 2 texts and was given 3/)
  await expect(run(params, state, f32(new Float32Array(batch * w * 4), [batch, w, 4]))).rejects.toThrow(/takes \[batch, time, 8\]/)
  const larger = layer({ states: 5 }).init(key).state
  await expect(run(params, larger, text('x', w))).rejects.toThrow(/carried states are \[2, 5, 8\], the layer's are \[2, 3, 8\]/)
})
