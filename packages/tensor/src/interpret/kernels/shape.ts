import { stridesOf } from '../../graph/shape.ts'
import type { Value } from '../values.ts'
import { broadcastIndex, forEachIndex, type Kernel } from './kernel.ts'

const renamed: Kernel = ({ inputs: [x], outputs: [y] }) => [{ dtype: x!.dtype, shape: y!.shape, data: x!.data }]

/** Fills y from x where x's flat index is a linear function of y's coordinates. */
function strided(x: Value, y: Value, strides: readonly number[], offset = 0): readonly Value[] {
  forEachIndex(y.shape, (i, at) => {
    let from = offset
    for (let d = 0; d < at.length; d++) from += at[d]! * strides[d]!
    y.data[i] = x.data[from]!
  })
  return [y]
}

export const shape: Record<string, Kernel> = {
  reshape: renamed,
  alias: renamed,
  stopGradient: renamed,
  customGradient: (({ inputs, attrs }) => inputs.slice((attrs as { inputs: number }).inputs)) as Kernel,
  transpose: (({ inputs: [x], attrs, outputs: [y] }) => {
    const strides = stridesOf(x!.shape)
    return strided(
      x!,
      y!,
      (attrs as { perm: number[] }).perm.map(p => strides[p]!),
    )
  }) as Kernel,
  broadcastTo: ({ inputs: [x], outputs: [y] }) => {
    const from = broadcastIndex(x!.shape, y!.shape)
    for (let i = 0; i < y!.data.length; i++) y!.data[i] = x!.data[from(i)]!
    return [y!]
  },
  slice: (({ inputs: [x], attrs, outputs: [y] }) => {
    const { starts, steps } = attrs as { starts: number[]; steps: number[] }
    const strides = stridesOf(x!.shape)
    return strided(
      x!,
      y!,
      strides.map((s, d) => s * steps[d]!),
      strides.reduce((o, s, d) => o + s * starts[d]!, 0),
    )
  }) as Kernel,
  reverse: (({ inputs: [x], attrs, outputs: [y] }) => {
    const { axis } = attrs as { axis: number }
    const strides = stridesOf(x!.shape)
    return strided(
      x!,
      y!,
      strides.map((s, d) => (d === axis ? -s : s)),
      (x!.shape[axis]! - 1) * strides[axis]!,
    )
  }) as Kernel,
  pad: (({ inputs: [x, fill], attrs, outputs: [y] }) => {
    const { pads } = attrs as { pads: [number, number, number][] }
    const strides = stridesOf(y!.shape)
    y!.data.fill(fill!.data[0]!)
    forEachIndex(x!.shape, (i, at) => {
      let to = 0
      for (let d = 0; d < at.length; d++) to += (pads[d]![0] + at[d]! * (pads[d]![2] + 1)) * strides[d]!
      y!.data[to] = x!.data[i]!
    })
    return [y!]
  }) as Kernel,
  concat: (({ inputs, attrs, outputs: [y] }) => {
    const { axis } = attrs as { axis: number }
    const inner = y!.shape.slice(axis + 1).reduce((a, b) => a * b, 1)
    const outer = y!.shape.slice(0, axis).reduce((a, b) => a * b, 1)
    let at = 0
    for (const x of inputs) {
      const row = x.shape[axis]! * inner
      for (let o = 0; o < outer; o++) y!.data.set(x.data.subarray(o * row, (o + 1) * row), o * y!.shape[axis]! * inner + at)
      at += row
    }
    return [y!]
  }) as Kernel,
}
