import { stridesOf } from '../../graph/shape.ts'
import type { Value } from '../values.ts'
import { forEachIndex, type Kernel } from './kernel.ts'

/** For each element of x, the flat index of the output that it goes to. */
function targets(x: Value, axes: readonly number[], f: (from: number, to: number) => void): void {
  const kept = x.shape.map((n, i) => (axes.includes(i) ? 1 : n))
  const strides = stridesOf(kept).map((s, i) => (axes.includes(i) ? 0 : s))
  forEachIndex(x.shape, (i, at) => {
    let to = 0
    for (let d = 0; d < at.length; d++) to += at[d]! * strides[d]!
    f(i, to)
  })
}

export const reduce: Record<string, Kernel> = {
  sum: (({ inputs: [x], attrs, outputs: [y] }) => {
    // Added up in double precision whatever the result is: the oracle should not be the one that rounds.
    const total = new Float64Array(y!.data.length)
    targets(x!, (attrs as { axes: number[] }).axes, (from, to) => (total[to]! += x!.data[from]!))
    y!.data.set(total)
    return [y!]
  }) as Kernel,
  max: (({ inputs: [x], attrs, outputs: [y] }) => {
    y!.data.fill(Number.NEGATIVE_INFINITY)
    targets(x!, (attrs as { axes: number[] }).axes, (from, to) => (y!.data[to] = Math.max(y!.data[to]!, x!.data[from]!)))
    return [y!]
  }) as Kernel,
  argMax: (({ inputs: [x], attrs, outputs: [y] }) => {
    const { axis } = attrs as { axis: number }
    const step = stridesOf(x!.shape)[axis]!
    const best = new Float64Array(y!.data.length).fill(Number.NEGATIVE_INFINITY)
    targets(x!, [axis], (from, to) => {
      if (x!.data[from]! > best[to]!) {
        best[to] = x!.data[from]!
        y!.data[to] = Math.floor(from / step) % x!.shape[axis]!
      }
    })
    return [y!]
  }) as Kernel,
}
