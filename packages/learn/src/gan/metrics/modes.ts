import type { Modes } from '../data/ring.ts'

export interface ModeCount {
  /** Modes that have enough samples near them. */
  readonly captured: number
  /** Share of samples near some mode. */
  readonly near: number
  /** Samples near each mode. */
  readonly counts: readonly number[]
}

/** Modes found by points (rows of two): a mode is captured where at least `least` of them lie within `within` of its centre. */
export function countModes(points: ArrayLike<number>, { centres }: Modes, { within = 0.2, least = 20 } = {}): ModeCount {
  const counts = centres.map(() => 0)
  const n = points.length / 2
  for (let i = 0; i < n; i++) {
    let best = -1
    let nearest = within * within
    centres.forEach(([x, y], k) => {
      const d = (points[2 * i]! - x) ** 2 + (points[2 * i + 1]! - y) ** 2
      if (d <= nearest) [best, nearest] = [k, d]
    })
    if (best >= 0) counts[best]!++
  }
  return { captured: counts.filter(c => c >= least).length, near: counts.reduce((a, b) => a + b, 0) / n, counts }
}
