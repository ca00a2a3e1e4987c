/** Roots of smooth functions of one variable, by steps and bisection: same bits everywhere. */

/** First place in (0, limit] where `f`, positive at 0, is no longer; `limit` where there is none. Sees roots farther apart than limit / 4096. */
export function firstRoot(f: (x: number) => number, limit: number): number {
  const steps = 4096
  for (let i = 1; i <= steps; i++) {
    if (f((limit * i) / steps) > 0) continue
    let low = (limit * (i - 1)) / steps
    let high = (limit * i) / steps
    for (let j = 0; j < 60; j++) {
      const mid = (low + high) / 2
      if (f(mid) > 0) low = mid
      else high = mid
    }
    return low
  }
  return limit
}

/** x in [0, limit] with f(x) = y for an increasing f with f(0) = 0: Newton's steps, halved where they leave the bracket. */
export function solveMonotone(f: (x: number) => number, slope: (x: number) => number, y: number, limit: number): number {
  let low = 0
  let high = limit
  let x = Math.min(y, limit)
  for (let i = 0; i < 100; i++) {
    const e = f(x) - y
    if (e > 0) high = x
    else low = x
    const step = e / slope(x)
    const next = x - step
    const inside = next >= low && next <= high
    const to = inside ? next : (low + high) / 2
    if (Math.abs(to - x) <= 1e-16 * (1 + x)) return to
    x = to
  }
  return x
}
