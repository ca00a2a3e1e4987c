import { describe, expect, it } from 'vitest'
import { f32, type NDArray, numbersOf } from '../graph/array.ts'
import type { Tensor } from '../graph/tensor.ts'
import { leaves, type Tree } from '../graph/tree.ts'
import { batches } from '../loaders/batches.ts'
import { createArena } from '../node/kernel.ts'
import { add, cast, expandDims, matmul, mse, sum } from '../ops/index.ts'
import { adamw, chain, ema, sgd } from '../optim/index.ts'
import { interpreter } from '../plan/interpreter.ts'
import { Key } from '../random/key.ts'
import {
  csvOf,
  duration,
  evaluation,
  findLearningRate,
  fit,
  jsonLine,
  type LogEntry,
  lossPlot,
  MemoryLog,
  progressLine,
  type Saved,
  trainStep,
} from './index.ts'

type P = { w: Tensor; b: Tensor }
const line = (p: Tree<Tensor>, _s: Tree<Tensor>, { x, y }: { x: Tensor; y: Tensor }): Tensor =>
  mse(add(matmul(x, (p as P).w), (p as P).b), y)
const x = f32(
  Array.from({ length: 20 }, (_, i) => Math.sin(i * 1.7)),
  [10, 2],
)
const y = f32(
  Array.from({ length: 10 }, (_, i) => 3 * Math.sin(2 * i * 1.7) - Math.sin((2 * i + 1) * 1.7) + 0.5),
  [10, 1],
)
const data = (key = Key.fromSeed(4)) => batches({ x, y }, { size: 3, key })
const make = (accumulate = 2, lr = 0.1) =>
  trainStep(line, chain(adamw({ lr }), ema(0.9)), {
    runtime: interpreter(),
    arena: n => createArena(n),
    params: { w: f32([[0], [0]]), b: f32([0]) },
    key: Key.fromSeed(1),
    accumulate,
  })
const flat = (t: Tree<NDArray>) => leaves(t).flatMap(([, a]) => [...numbersOf(a)])

/** A checkpoint in memory that ends the world after so many saves. */
function store(saves = Number.POSITIVE_INFINITY) {
  let kept: Saved | undefined
  const stop = new AbortController()
  return {
    stop,
    to: {
      save: async (run: Saved) => {
        if (saves-- <= 0) throw new Error('killed')
        kept = structuredClone(run)
      },
      load: async () => structuredClone(kept),
    },
    revive: () => {
      saves = Number.POSITIVE_INFINITY
    },
  }
}

describe('fit', () => {
  it('killed at any checkpoint and started again, it ends with the bits and logs of a run that was never killed', async () => {
    const whole = await make()
    const log = new MemoryLog()
    await fit(whole, { batches: data(), epochs: 5, logEvery: 2, logs: [log] })
    for (let kill = 0; kill < 15; kill += 4) {
      const kept = store(kill)
      const first = await make()
      const args = { batches: data(), epochs: 5, logEvery: 2, checkpoint: { every: 1, to: kept.to } }
      await expect(fit(first, args)).rejects.toThrow('killed')
      kept.revive()
      const second = await make()
      const again = new MemoryLog()
      const result = await fit(second, { ...args, logs: [again] })
      expect(result.resumed).toBe(kill > 0)
      expect(flat(second.arrays())).toEqual(flat(whole.arrays()))
      expect(second.record()).toEqual(whole.record())
      const last = ({ step, epoch, values }: LogEntry) => ({ step, epoch, values })
      expect(last(again.entries.at(-1)!)).toEqual(last(log.entries.at(-1)!))
    }
  })
  it('logs means, evaluates, tells of the best and stops early', async () => {
    const t = await make(1, 0.5)
    const best: number[] = []
    let look = 0
    const result = await fit(t, {
      batches: data(),
      epochs: 50,
      evaluate: { run: async () => ({ loss: [3, 2, 2.5, 2.4, 1][look++]! }) },
      stop: { patience: 2 },
      onBest: (_t, v) => void best.push(v),
    })
    expect(best).toEqual([3, 2])
    expect(result).toMatchObject({ reason: 'stopped', best: 2, updates: 12 })
    expect(result.history.filter(e => e.kind === 'evaluation').map(e => [e.step, e.epoch, e.values['validation/loss']])).toEqual([
      [3, 1, 3],
      [6, 2, 2],
      [9, 3, 2.5],
      [12, 4, 2.4],
    ])
    expect(Object.keys(result.history.find(e => e.kind === 'train')!.values)).toEqual(['loss', 'gradientNorm', 'lr'])
  })
  it('learns the line', async () => {
    const t = await make(1, 0.05)
    const { history } = await fit(t, { batches: data(), updates: 400 })
    expect(history.at(-1)!.values['loss']).toBeLessThan(1e-3)
  })
  it('ends on an abort, and refuses other data than the saved run had', async () => {
    const t = await make(1)
    const stop = new AbortController()
    const kept = store()
    const result = await fit(t, {
      batches: data(),
      epochs: 9,
      signal: stop.signal,
      logEvery: 1,
      logs: [{ write: (e: LogEntry) => e.step === 4 && stop.abort() }] as never,
      checkpoint: { every: 100, to: kept.to },
    })
    expect(result).toMatchObject({ reason: 'aborted', updates: 4 })
    await expect(
      fit(await make(1), {
        batches: batches({ x, y }, { size: 5, key: Key.fromSeed(4) }),
        epochs: 9,
        checkpoint: { every: 1, to: kept.to },
      }),
    ).rejects.toThrow(/3 batches an epoch, this one reads 2/)
    await expect(fit(t, { batches: data() })).rejects.toThrow(/epochs or updates/)
  })
})

it('the rate finder falls, stops where it diverges, and puts everything back', async () => {
  const t = await trainStep(line, chain(sgd({ lr: 0.1, momentum: 0.5 })), {
    runtime: interpreter(),
    arena: n => createArena(n),
    params: { w: f32([[0], [0]]), b: f32([0]) },
    key: Key.fromSeed(1),
  })
  await t.step((await data().at(0, 0)) as never)
  const before = flat(t.arrays())
  const found = await findLearningRate(t, data(), { from: 1e-4, to: 100, updates: 60, smooth: 0.5 })
  expect(found.rates.length).toBeLessThan(60)
  expect(found.suggestion).toBeGreaterThan(1e-3)
  expect(found.suggestion).toBeLessThan(0.2)
  expect(Math.min(...found.losses)).toBeLessThan(found.losses[0]! / 2)
  expect(flat(t.arrays())).toEqual(before)
})

it('an evaluation is the mean over all rows once, padding left out, of the parameters or of their average', async () => {
  const t = await make(1, 0.5)
  for (let i = 0; i < 3; i++) await t.step((await data().at(0, i)) as never)
  const rows = batches({ x, y }, { size: 4, last: 'pad' })
  const measure = (p: Tree<Tensor>, _s: Tree<Tensor>, { x: a, y: b, mask }: { x: Tensor; y: Tensor; mask: Tensor }) => ({
    loss: mse(add(matmul(a, (p as P).w), (p as P).b), b, { weights: expandDims(mask, 1) }),
    weight: sum(cast(mask, 'f32')),
  })
  const exact = (params: Tree<NDArray>) => {
    const [w0, w1, b] = flat(params) as [number, number, number]
    const errors = Array.from(
      { length: 10 },
      (_, i) => w0 * (x.data[2 * i] as number) + w1 * (x.data[2 * i + 1] as number) + b - (y.data[i] as number),
    )
    return errors.reduce((s, e) => s + e * e, 0) / 10
  }
  for (const of of ['params', 'ema'] as const) {
    const found = await evaluation(measure, rows, interpreter(), { of })(t)
    expect(Object.keys(found)).toEqual(['loss'])
    expect(found['loss']).toBeCloseTo(exact(t[of]!), 4)
  }
  expect(exact(t.params)).not.toBeCloseTo(exact(t.ema!), 2)
})

describe('logs', () => {
  const entry: LogEntry = {
    kind: 'train',
    step: 30,
    epoch: 1.5,
    total: 120,
    seconds: 61.25,
    secondsLeft: 3725,
    values: { loss: 0.123456789, lr: 1e-5 },
  }
  it('as JSON, CSV and a line for people', () => {
    expect(jsonLine({ ...entry, values: { loss: Number.NaN } })).toBe('{"kind":"train","step":30,"epoch":1.5,"seconds":61.25,"loss":"NaN"}')
    const evaluation: LogEntry = { ...entry, kind: 'evaluation', values: { 'validation/loss': 2 } }
    expect(csvOf([entry, evaluation])).toBe(
      'step,kind,epoch,seconds,loss,lr,validation/loss\n30,train,1.5,61.25,0.1234568,0.00001,\n30,evaluation,1.5,61.25,,,2\n',
    )
    expect(progressLine(entry, 8)).toBe('██░░░░░░ 30/120  1:02:05 left  loss 0.1235  lr 1.00e-5')
    expect(duration(75)).toBe('1:15')
  })
  it('the plot draws each curve through its points, with gaps', () => {
    const entries = [5, 4, Number.NaN, 2, 1].map((loss, i): LogEntry => ({ ...entry, step: i * 10, values: { loss } }))
    const svg = lossPlot([...entries, { ...entry, kind: 'evaluation', values: { 'validation/loss': 3 } }])
    const paths = [...svg.matchAll(/<path d="([^"]*)"/g)].map(m => m[1]!)
    expect(paths).toHaveLength(2)
    // First point top left, last bottom right; one gap makes two strokes.
    expect(paths[0]).toMatch(/^M64 36L[\d.]+ [\d.]+M[\d.]+ [\d.]+L704 372$/)
    expect(svg).toContain('training')
  })
})
