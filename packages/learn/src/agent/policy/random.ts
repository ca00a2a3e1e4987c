import type { ReactivePolicy, Space } from '../contracts.ts'
import type { Draws } from '../draws.ts'

/** Any action, as likely as any other: what learning is measured against. */
export function random<A extends number | Float64Array>(space: Space): ReactivePolicy<unknown, A> {
  const vector = (at: (low: number, high: number) => number) =>
    space.type === 'box' ? (Float64Array.from(space.low, (low, i) => at(low, space.high[i]!)) as A) : (0 as A)
  return {
    sample: (_state: unknown, draws: Draws) =>
      space.type === 'discrete' ? (draws.int(space.count) as A) : vector((low, high) => low + (high - low) * draws.uniform()),
    mode: () => vector((low, high) => (low + high) / 2),
  }
}
