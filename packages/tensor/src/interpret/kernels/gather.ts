import { TensorError } from '../../error.ts'
import { sizeOf } from '../../graph/shape.ts'
import type { Value } from '../values.ts'
import type { Kernel } from './kernel.ts'
import { lines } from './line.ts'

/** The index at i, checked: the other runtimes would read or write beside the array. */
function index(name: string, indices: Value, i: number, size: number): number {
  const k = indices.data[i]!
  if (!(k >= 0 && k < size)) throw new TensorError(`${name}: index ${k} at position ${i} is outside an axis of size ${size}`)
  return k
}

export const gather: Record<string, Kernel> = {
  gather: (({ inputs: [x, indices], attrs, outputs: [y] }) => {
    const { axis } = attrs as { axis: number }
    const size = x!.shape[axis]!
    const inner = sizeOf(x!.shape.slice(axis + 1))
    const outer = sizeOf(x!.shape.slice(0, axis))
    const m = indices!.data.length
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < m; i++) {
        const from = (o * size + index('gather', indices!, i, size)) * inner
        y!.data.set(x!.data.subarray(from, from + inner), (o * m + i) * inner)
      }
    return [y!]
  }) as Kernel,
  scatterAdd: (({ inputs: [indices, rows], attrs, outputs: [y] }) => {
    const { axis, size } = attrs as { axis: number; size: number }
    const inner = sizeOf(y!.shape.slice(axis + 1))
    const outer = sizeOf(y!.shape.slice(0, axis))
    const m = indices!.data.length
    const total = new Float64Array(y!.data.length)
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < m; i++) {
        const to = (o * size + index('scatterAdd', indices!, i, size)) * inner
        for (let j = 0; j < inner; j++) total[to + j]! += rows!.data[(o * m + i) * inner + j]!
      }
    y!.data.set(total)
    return [y!]
  }) as Kernel,
  takeAlongAxis: (({ inputs: [x, indices], attrs, outputs: [y] }) => {
    const { axis } = attrs as { axis: number }
    const size = x!.shape[axis]!
    const starts: number[] = []
    lines(x!.shape, axis, start => starts.push(start))
    let line = 0
    lines(indices!.shape, axis, (start, step) => {
      const from = starts[line++]!
      for (let k = 0, i = start; k < indices!.shape[axis]!; k++, i += step)
        y!.data[i] = x!.data[from + index('takeAlongAxis', indices!, i, size) * step]!
    })
    return [y!]
  }) as Kernel,
  scatterAlongAxis: (({ inputs: [indices, values], attrs, outputs: [y] }) => {
    const { axis, size } = attrs as { axis: number; size: number }
    const total = new Float64Array(y!.data.length)
    const starts: number[] = []
    lines(y!.shape, axis, start => starts.push(start))
    let line = 0
    lines(indices!.shape, axis, (start, step) => {
      const to = starts[line++]!
      for (let k = 0, i = start; k < indices!.shape[axis]!; k++, i += step)
        total[to + index('scatterAlongAxis', indices!, i, size) * step]! += values!.data[i]!
    })
    y!.data.set(total)
    return [y!]
  }) as Kernel,
}
