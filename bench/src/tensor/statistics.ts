/** Medians and the bootstrap of a ratio of them. */
import { Key } from '@dioramic/scene'

export function median(x: readonly number[]): number {
  if (x.length === 0) return Number.NaN
  const s = [...x].sort((a, b) => a - b)
  const m = s.length >> 1
  return s.length % 2 === 1 ? s[m]! : (s[m - 1]! + s[m]!) / 2
}

export interface Ratio {
  readonly ratio: number
  /** 95 % of 2,000 resamples of rounds (Efron 1979): steps within a round share the machine's mood, so rounds are the unit. */
  readonly interval: readonly [number, number]
}

/** Median of all steps of `a` over that of `b`; both are lists of rounds, round i of one beside round i of the other. */
export function ratioOfMedians(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): Ratio {
  const key = Key.fromSeed(1)
  const draws: number[] = []
  for (let i = 0; i < 2000; i++) {
    const draw = key.fork(i)
    const rounds = a.map((_, j) => Math.floor(draw.fork(j).uniform(0, a.length)))
    draws.push(median(rounds.flatMap(r => a[r]!)) / median(rounds.flatMap(r => b[r]!)))
  }
  draws.sort((x, y) => x - y)
  return { ratio: median(a.flat()) / median(b.flat()), interval: [draws[49]!, draws[1949]!] }
}
