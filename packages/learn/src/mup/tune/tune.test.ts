import { crossEntropy, Key, nn, optim } from '@dioramic/tensor'
import { describe, expect, it } from 'vitest'
import { atEdges, defineTuning, drawnOf, gridOf, rungs, survivors, type TuneReport, tunePage } from '../index.ts'

describe('settings', () => {
  it('a grid has every combination once', () => {
    const all = gridOf({ lr: [1, 2, 3], output: [4, 5] })
    expect(all).toHaveLength(6)
    expect(new Set(all.map(s => JSON.stringify(s))).size).toBe(6)
    expect(all[1]).toEqual({ lr: 1, output: 5 })
    expect(() => gridOf({ lr: { low: 1, high: 2 } })).toThrow(/"lr" is a range: give a number of trials/)
  })
  it('draws are within their ranges, even in the logarithm, and number i is the same in longer lists', () => {
    const space = { lr: { low: 1e-4, high: 1e-1 }, momentum: { low: 0, high: 1, linear: true }, batch: [8, 16] }
    const key = Key.fromSeed(6)
    const all = drawnOf(space, 2000, key)
    expect(drawnOf(space, 5, key)).toEqual(all.slice(0, 5))
    const logs = all.map(s => Math.log10(s['lr']!))
    expect(Math.min(...logs)).toBeGreaterThanOrEqual(-4)
    expect(Math.max(...logs)).toBeLessThanOrEqual(-1)
    // The mean of 2,000 draws from ±1.5 has a deviation of 0.02.
    expect(Math.abs(logs.reduce((a, b) => a + b, 0) / 2000 + 2.5), 'seed 6').toBeLessThan(0.1)
    expect(Math.abs(all.reduce((a, s) => a + s['momentum']!, 0) / 2000 - 0.5), 'seed 6').toBeLessThan(0.03)
    expect(new Set(all.map(s => s['batch']))).toEqual(new Set([8, 16]))
  })
  it('a search that cannot be is refused by name', () => {
    const good = {
      proxy: 8,
      target: 16,
      updates: 8,
      space: { lr: [1] },
      model: () => nn.linear(2, 2),
      rule: () => optim.chain(optim.adam({ lr: 1 })),
      loss: crossEntropy,
      batches: () => ({ perEpoch: 1, at: () => ({ x: {}, y: {} }) }) as never,
    }
    expect(defineTuning(good).proxy).toBe(8)
    expect(() => defineTuning({ ...good, updates: 3 })).toThrow(/power of 2 is at most the 3 updates/)
    expect(() => defineTuning({ ...good, proxy: 1.5 })).toThrow(/proxy is a whole number from 1, not 1.5/)
    expect(() => defineTuning({ ...good, space: {} })).toThrow(/at least one setting/)
    expect(() => defineTuning({ ...good, space: { lr: { low: 0, high: 1 } } })).toThrow(/range of "lr" is low < high, above 0/)
  })
})

describe('successive halving', () => {
  it('judges after powers of two, keeps the better half, drops what diverged, and takes the earlier of equals', () => {
    expect(rungs(120, 2)).toEqual([30, 60, 120])
    expect(rungs(7, 0)).toEqual([7])
    const scores = [3, 1, null, 2, 1]
    expect(survivors([0, 1, 2, 3, 4], t => scores[t]!)).toEqual([1, 3, 4])
    expect(survivors([0, 1, 2], t => [5, 5, 5][t]!)).toEqual([0, 1])
    expect(survivors([0, 2], t => scores[t]!)).toEqual([0])
  })
})

it('the page has every trial, what became of it, and curves', () => {
  const trial = (number: number, scores: (number | null)[]) => ({
    number,
    settings: { lr: 0.01 * (number + 1) },
    scores,
    curve: [[1, 2] as const, [4, 1] as const],
  })
  const report: TuneReport = {
    module: 'mine.ts',
    seed: 0,
    proxy: { width: 8, parameters: 10, updates: [2, 4] },
    trials: [trial(0, [2, 1.5]), trial(1, [3]), trial(2, [null])],
    best: 0,
    target: {
      width: 16,
      parameters: 40,
      updates: 4,
      score: 1.25,
      curve: [
        [1, 2],
        [4, 1.25],
      ],
      file: 'run.safetensors',
    },
    cost: 0.2,
  }
  expect(atEdges(report)).toEqual(['The best lr, 0.01, is the least that was tried: a better one may lie beyond.'])
  expect(atEdges({ ...report, best: 1 })).toEqual([])
  const page = tunePage(report)
  for (const words of ['Tuning at width 8 for width 16', 'cost 20 %', 'diverged', 'stopped', '1.25', 'trial 0, lr 0.01'])
    expect(page).toContain(words)
  expect(page.match(/<svg/g)).toHaveLength(2)
})
