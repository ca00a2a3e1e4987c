import { describe, expect, it } from 'vitest'
import { customGradient } from '../autodiff/custom.ts'
import { f32, type NDArray, numbersOf } from '../graph/array.ts'
import type { Tensor } from '../graph/tensor.ts'
import { flatten, leaves, mapTree, type Tree } from '../graph/tree.ts'
import { interpret } from '../interpret/interpret.ts'
import { createArena } from '../node/kernel.ts'
import { nodeRuntime } from '../node/runtime.ts'
import { add, cast, div, log, matmul, mean, mse, mul, sum } from '../ops/index.ts'
import { adamw, chain, clipByGlobalNorm, clipByValue, ema, freeze, sgd } from '../optim/index.ts'
import { interpreter } from '../plan/interpreter.ts'
import { Key } from '../random/key.ts'
import { randomNormal } from '../random/ops.ts'
import { NonFiniteError, type TrainOptions, trainStep } from './index.ts'

const key = Key.fromSeed(1)
const options = (params: Tree<NDArray>, more: Partial<TrainOptions> = {}): TrainOptions => ({
  runtime: interpreter(),
  arena: n => createArena(n),
  params,
  key,
  ...more,
})

type P = { w: Tensor; b: Tensor }
type B = { x: Tensor; y: Tensor }
const line = (p: Tree<Tensor>, _s: Tree<Tensor>, { x, y }: B): Tensor => mse(add(matmul(x, (p as P).w), (p as P).b), y)
const start = () => ({
  w: f32([
    [1, -2],
    [0.5, 1],
  ]),
  b: f32([0.1, 0.2]),
})
const batch = (from: number, rows: number) => ({
  x: f32(
    Array.from({ length: rows * 2 }, (_, i) => Math.sin(from * 2 + i)),
    [rows, 2],
  ),
  y: f32(
    Array.from({ length: rows * 2 }, (_, i) => Math.cos(3 * (from * 2 + i))),
    [rows, 2],
  ),
})
const flat = (t: Tree<NDArray>) => leaves(t).flatMap(([, a]) => [...numbersOf(a)])
const close = (a: readonly number[], b: readonly number[], tolerance = 1e-6) => {
  expect(a.length).toBe(b.length)
  a.forEach((v, i) => {
    expect(Math.abs(v - b[i]!), `at ${i}`).toBeLessThan(tolerance)
  })
}

describe('the step', () => {
  it('is the gradient step of the loss', async () => {
    const t = await trainStep(line, chain(sgd({ lr: 0.1 })), options({ w: f32([[2]]), b: f32([0]) }))
    const result = await t.step({ x: f32([[1], [3]]), y: f32([[0], [0]]) })
    // loss = mean((2x)²) = 20; dw = mean(2·2x·x) = 20; db = mean(2·2x) = 8.
    expect(result).toMatchObject({ loss: 20, updates: 1, updated: true, lr: 0.1 })
    expect(result.gradientNorm).toBeCloseTo(Math.hypot(20, 8), 5)
    close(flat(t.params), [0, -0.8])
  })
  it('on two accumulated batches is the step on both at once', async () => {
    const rule = chain(adamw({ lr: 0.1 }), clipByGlobalNorm(0.5))
    const [two, one] = [await trainStep(line, rule, options(start(), { accumulate: 2 })), await trainStep(line, rule, options(start()))]
    const both = (from: number) => {
      const [a, b] = [batch(from, 3), batch(from + 3, 3)]
      const join = (p: NDArray, q: NDArray) => f32([...numbersOf(p), ...numbersOf(q)], [6, 2])
      return { parts: [a, b], whole: { x: join(a.x, b.x), y: join(a.y, b.y) } }
    }
    for (let i = 0; i < 4; i++) {
      const { parts, whole } = both(i * 6)
      expect((await two.step(parts[0]!)).updated).toBe(false)
      const a = await two.step(parts[1]!)
      const b = await one.step(whole)
      expect(a.updated).toBe(true)
      expect(a.gradientNorm).toBeCloseTo(b.gradientNorm!, 5)
    }
    close(flat(two.params), flat(one.params), 1e-5)
  })
  it('clips by the global norm and by value', async () => {
    const data = { x: f32([[100, 0]]), y: f32([[0, 0]]) }
    const norm = await trainStep(line, chain(sgd({ lr: 1 }), clipByGlobalNorm(0.01)), options(start()))
    await norm.step(data)
    const moved = flat(norm.params).map((v, i) => v - flat(start())[i]!)
    expect(Math.hypot(...moved)).toBeCloseTo(0.01, 5)
    const value = await trainStep(line, chain(sgd({ lr: 1 }), clipByValue(0.25)), options(start()))
    await value.step(data)
    flat(value.params).forEach((v, i) => {
      expect(Math.abs(v - flat(start())[i]!)).toBeLessThanOrEqual(0.2500001)
    })
  })
  it('leaves frozen parameters as they are, and computes no gradient for them', async () => {
    const t = await trainStep(line, chain(sgd({ lr: 0.1 }), freeze('w')), options(start()))
    for (let i = 0; i < 3; i++) await t.step(batch(i, 2))
    const params = t.params as never as { w: NDArray; b: NDArray }
    expect([...numbersOf(params.w)]).toEqual([...numbersOf(start().w)])
    expect(numbersOf(params.b)).not.toEqual(numbersOf(start().b))
    expect(t.traceFor(batch(0, 2)).outputNames.filter(n => n.startsWith('gradients'))).toEqual(['gradients/0'])
    await expect(trainStep(line, chain(sgd({ lr: 0.1 }), freeze('w', 'b')), options(start()))).rejects.toThrow(/nothing to train/)
  })
  it('keeps the moving average of the parameters', async () => {
    const t = await trainStep(line, chain(sgd({ lr: 0.1 }), ema(0.75)), options(start()))
    let want = flat(start())
    for (let i = 0; i < 5; i++) {
      await t.step(batch(i, 2))
      want = want.map((v, k) => 0.75 * v + 0.25 * flat(t.params)[k]!)
    }
    close(flat(t.ema!), want)
  })
  it('hands state on, gives each batch another key, and reports metrics', async () => {
    const loss = (p: Tree<Tensor>, s: Tree<Tensor>, { x }: { x: Tensor }, k: Tensor) => {
      const noise = randomNormal(k, [])
      return [
        add(mean(mul(x, (p as P).b)), mul(sum((p as P).w), 0)),
        { count: add((s as { count: Tensor }).count, 1) },
        { noise, double: mul(noise, 2) },
      ] as const
    }
    const t = await trainStep(loss, chain(sgd({ lr: 0.1 })), options(start(), { state: { count: f32(0) } }))
    const seen = [await t.step({ x: f32([1, 2]) }), await t.step({ x: f32([1, 2]) })]
    expect(seen[0]!.metrics['double']).toBeCloseTo(2 * seen[0]!.metrics['noise']!, 6)
    expect(seen[0]!.metrics['noise']).not.toBe(seen[1]!.metrics['noise'])
    expect(flat(t.state)).toEqual([2])
  })
  it('refuses state that comes back otherwise than it went in', async () => {
    const bad = (p: Tree<Tensor>) => [sum((p as P).w), { count: sum((p as P).b), more: sum((p as P).b) }] as const
    const t = await trainStep(bad, chain(sgd({ lr: 1 })), options(start(), { state: { count: f32([0, 0]) } }))
    await expect(t.step(batch(0, 1))).rejects.toThrow(/state "count" of type f32\[2\]/)
  })
})

describe('the gate', () => {
  /** Finite in forward; √ of 0 backward: log(w)·0. */
  const planted = (p: Tree<Tensor>, _s: Tree<Tensor>, { x }: { x: Tensor }): Tensor => {
    const { w, b } = p as P
    const inner = div(sum(b), x)
    return add(sum(w), mul(log(inner), cast(x, 'f32')))
  }
  it('names the operator and the line that first made a NaN, and leaves everything as it was', async () => {
    const t = await trainStep(planted, chain(adamw({ lr: 0.1 }), ema(0.9)), options(start(), { accumulate: 2 }))
    await t.step({ x: f32(1) })
    await t.step({ x: f32(2) })
    await t.step({ x: f32(1) })
    const before = mapTree<unknown, NDArray, NDArray>(t.arrays(), a => ({ ...a, data: a.data.slice() })) as Record<string, Tree<NDArray>>
    const error = await t.step({ x: f32(-1) }).catch(e => e)
    expect(error).toBeInstanceOf(NonFiniteError)
    expect(error.diagnosis).toMatchObject({ op: 'log', kind: 'NaN' })
    expect(error.diagnosis.place).toMatch(/step\.test\.ts:\d+:\d+$/)
    expect(error.message).toMatch(/batch 3 \(after 1 updates\).*first NaN is made by log/s)
    for (const part of ['params', 'state', 'memory', 'ema'])
      expect(flat((t.arrays() as Record<string, Tree<NDArray>>)[part]!)).toEqual(flat(before[part]!))
    // What was accumulated is dropped: two more batches make the next update.
    expect((await t.step({ x: f32(1) })).updated).toBe(false)
    expect((await t.step({ x: f32(1) })).updates).toBe(2)
  })
  it('finds a NaN that only the derivative makes, at the line of what was differentiated', async () => {
    // The identity; its derivative is multiplied by log(x), which is NaN below 0.
    const planted = customGradient(
      (v: Tensor) => add(v, 0),
      ({ inputs, cotangents }) => [mul(cotangents[0]!, log(inputs[0]!))],
    )
    const loss = (p: Tree<Tensor>, _s: Tree<Tensor>, { x }: { x: Tensor }): Tensor => sum(planted(mul((p as P).b, x)))
    for (const runtime of [interpreter(), nodeRuntime()]) {
      const t = await trainStep(loss, chain(sgd({ lr: 0.1 })), options({ b: f32([1, 2]) }, { runtime }))
      expect((await t.step({ x: f32([1, 1]) })).updated).toBe(true)
      const stays = flat(t.params)
      const error = await t.step({ x: f32([1, -1]) }).catch(e => e)
      expect(error.diagnosis?.kind ?? error).toBe('NaN')
      expect(error.diagnosis.op).toBe('log')
      expect(error.diagnosis.place).toMatch(/step\.test\.ts/)
      expect(flat(t.params)).toEqual(stays)
      await t.dispose()
    }
  })
  it('skips and reports when told to, and names bad data', async () => {
    const t = await trainStep(line, chain(sgd({ lr: 0.1 })), options(start(), { onNonFinite: 'skip' }))
    const bad = batch(0, 1)
    bad.x.data[1] = Number.NaN
    const result = await t.step(bad)
    expect(result).toMatchObject({ updated: false, updates: 0 })
    expect(result.skipped?.message).toMatch(/input "3\/0" holds NaN/)
    expect((await t.step(batch(0, 1))).updates).toBe(1)
  })
})

describe('save and restore', () => {
  it('in the middle of an accumulation goes on bit by bit', async () => {
    const rule = chain(adamw({ lr: s => 0.1 / (s + 1) }), ema(0.9, { warmup: true }), clipByGlobalNorm(1))
    const make = () => trainStep(line, rule, options(start(), { accumulate: 3 }))
    const [a, b] = [await make(), await make()]
    for (let i = 0; i < 5; i++) await a.step(batch(i, 2))
    b.restore(structuredClone(a.arrays()) as Tree<NDArray>, JSON.parse(JSON.stringify(a.record())))
    for (let i = 5; i < 11; i++) {
      await a.step(batch(i, 2))
      await b.step(batch(i, 2))
    }
    expect(flat(b.arrays())).toEqual(flat(a.arrays()))
    expect(b.record()).toEqual(a.record())
  })
  it('refuses another run', async () => {
    const a = await trainStep(line, chain(sgd({ lr: 0.1 })), options(start()))
    const other = await trainStep(line, chain(sgd({ lr: 0.2 })), options(start()))
    const more = await trainStep(line, chain(sgd({ lr: 0.1, momentum: 0.9 })), options(start()))
    expect(() => other.restore(a.arrays(), a.record())).toThrow(/rate of 0.1, this one's 0.2/)
    expect(() => more.restore(a.arrays(), a.record())).toThrow(/memory/)
    expect(() => a.restore(a.arrays(), { ...a.record(), accumulate: 2 })).toThrow(/2 batches an update/)
  })
})

it("every shape of batch is built once; gradients equal the interpreter's in double precision", async () => {
  const warnings: string[] = []
  const t = await trainStep(
    line,
    chain(sgd({ lr: 0 })),
    options(start(), { runtime: nodeRuntime(), cache: 2, onRetrace: m => warnings.push(m) }),
  )
  for (const rows of [1, 2, 1, 2]) await t.step(batch(0, rows))
  expect(warnings).toEqual([])
  await t.step(batch(0, 3))
  expect(warnings[0]).toMatch(/more than 2 shapes/)
  const traced = t.traceFor(batch(0, 3))
  const exact = interpret(traced.graph, t.inputsFor(batch(0, 3)))
  const executable = await nodeRuntime().compile(traced.graph)
  const got = await executable.run(t.inputsFor(batch(0, 3)))
  for (const [i, a] of got.entries()) close([...numbersOf(a)], [...numbersOf(exact[i]!)], 1e-5)
  await executable.dispose()
  await t.dispose()
})

it('memory is flat over thousands of steps', async () => {
  const t = await trainStep(line, chain(adamw({ lr: 1e-3 })), options(start(), { runtime: nodeRuntime() }))
  const used: number[] = []
  const data = batch(0, 4)
  for (let i = 0; i < 3000; i++) {
    await t.step(data)
    if (i % 1000 === 999) used.push(t.arena.used)
  }
  expect(new Set(used).size).toBe(1)
  expect(flatten<NDArray>(t.arrays()).list.every(a => t.arena.owns(a.data))).toBe(true)
  await t.dispose()
})
