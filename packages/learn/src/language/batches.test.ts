import { i64, type NDArray } from '@dioramic/tensor'
import { describe, expect, it } from 'vitest'
import { laneSegments, type ScoredBatch, scoredWindows } from './batches.ts'

const text = (n: number, starts: readonly number[] = [0]) => ({ tokens: i64(Array.from({ length: n }, (_, i) => i)), starts })
const numbers = (a: NDArray) => Array.from(a.data as ArrayLike<number | bigint>, Number)
/** Targets that count, as often as they do. */
const counted = (b: ScoredBatch) => numbers(b.y).filter((_, i) => numbers(b.weight)[i] === 1)

describe('windows that are scored', () => {
  for (const [n, time, stride, from, batch] of [
    [50, 8, 8, 0, 3],
    [50, 8, 3, 0, 4],
    [41, 8, 2, 5, 2],
    [9, 8, 8, 0, 4],
  ] as const)
    it(`count each target once and in order: ${n} tokens, windows of ${time}, stride ${stride}, from ${from}`, () => {
      const windows = scoredWindows(text(n), { batch, time, stride, from })
      const seen: number[] = []
      for (let i = 0; i < windows.perEpoch; i++) {
        const b = windows.at(0, i) as ScoredBatch
        const [x, y, w] = [numbers(b.x), numbers(b.y), numbers(b.weight)]
        expect(y).toEqual(x.map(v => v + 1))
        for (let k = 0; k < x.length; k++)
          if (w[k] === 1 && seen.length > time - from) expect(k % time, 'context before the target').toBeGreaterThanOrEqual(time - stride)
        seen.push(...counted(b))
      }
      // Targets are the tokens 1 …; those before `from` have no window, and what fills no stride is left out.
      expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => from + 1 + i))
      expect(n - 1 - (from + seen.length)).toBeLessThan(stride)
    })
  it('need a text of one window, and a stride that fits', () => {
    expect(() => scoredWindows(text(8), { batch: 1, time: 8 })).toThrow(/a text of 8 tokens has no window of 8 tokens/)
    expect(() => scoredWindows(text(80), { batch: 1, time: 8, stride: 9 })).toThrow(/from 1 to 8/)
    expect(() => scoredWindows(text(80), { batch: 1, time: 8, from: 6, stride: 3 })).toThrow(/from 1 to 2/)
  })
})

describe('lanes', () => {
  it('walk through the documents, each target once, and say where one starts', () => {
    const [time, rows] = [4, 2]
    const starts = [0, 10, 13, 30]
    const loader = laneSegments(text(41, starts), { batch: rows, time })
    const seen: number[][] = [[], []]
    for (let i = 0; i < loader.perEpoch; i++) {
      const b = loader.at(5, i) as ScoredBatch & { start: NDArray }
      const [x, y, w, s] = [numbers(b.x), numbers(b.y), numbers(b.weight), numbers(b.start)]
      for (let r = 0; r < rows; r++) {
        expect(s[r] === 1).toBe(i === 0 || starts.includes(x[r * time]!))
        // Without a start a segment begins where the one before ended.
        if (s[r] === 0) expect(x[r * time]).toBe(seen[r]!.at(-1))
        for (let t = 0; t < time; t++) if (w[r * time + t] === 1) seen[r]!.push(y[r * time + t]!)
      }
    }
    // 9, 2, 16 and 10 targets make 3 + 1 + 4 + 3 segments; two lanes hold 5 each.
    expect(loader.perEpoch).toBe(5)
    expect(seen[0]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 17])
    expect(seen[1]).toEqual([18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 31, 32, 33, 34, 35, 36, 37, 38])
  })
  it('need a segment each', () => {
    expect(() => laneSegments(text(8), { batch: 3, time: 4 })).toThrow(/no 3 lanes of a window of 4 tokens/)
  })
})
