import type { Value } from '../values.ts'
import type { Kernel } from './kernel.ts'
import { lines } from './line.ts'

/** For each line: its start, its step, and the log of the sum of its exponentials. */
function logSums(x: Value, axis: number, f: (start: number, step: number, logSum: number) => void): void {
  const n = x.shape[axis]!
  lines(x.shape, axis, (start, step) => {
    let top = Number.NEGATIVE_INFINITY
    for (let k = 0; k < n; k++) top = Math.max(top, x.data[start + k * step]!)
    let total = 0
    for (let k = 0; k < n; k++) total += Math.exp(x.data[start + k * step]! - top)
    f(start, step, top + Math.log(total))
  })
}

export const softmax: Record<string, Kernel> = {
  softmax: (({ inputs: [x], attrs, outputs: [y] }) => {
    const { axis } = attrs as { axis: number }
    logSums(x!, axis, (start, step, logSum) => {
      for (let k = 0, i = start; k < x!.shape[axis]!; k++, i += step) y!.data[i] = Math.exp(x!.data[i]! - logSum)
    })
    return [y!]
  }) as Kernel,
  logSoftmax: (({ inputs: [x], attrs, outputs: [y] }) => {
    const { axis } = attrs as { axis: number }
    logSums(x!, axis, (start, step, logSum) => {
      for (let k = 0, i = start; k < x!.shape[axis]!; k++, i += step) y!.data[i] = x!.data[i]! - logSum
    })
    return [y!]
  }) as Kernel,
  softmaxGrad: (({ inputs: [y, g], attrs, outputs: [dx] }) => {
    const { axis } = attrs as { axis: number }
    const n = y!.shape[axis]!
    lines(y!.shape, axis, (start, step) => {
      let dot = 0
      for (let k = 0, i = start; k < n; k++, i += step) dot += y!.data[i]! * g!.data[i]!
      for (let k = 0, i = start; k < n; k++, i += step) dx!.data[i] = y!.data[i]! * (g!.data[i]! - dot)
    })
    return [dx!]
  }) as Kernel,
}
