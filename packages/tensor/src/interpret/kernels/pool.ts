import type { Shape } from '../../graph/dtype.ts'
import { sizeOf } from '../../graph/shape.ts'
import type { Window } from '../../ops/window.ts'
import { forEachIndex, type Kernel } from './kernel.ts'

export const pool: Record<string, Kernel> = {
  maxPool: (({ inputs: [x], attrs, outputs: [y, where] }) => {
    const { kernel, strides, pads, dilations } = attrs as Window & { kernel: Shape }
    const size = x!.shape.slice(2)
    const plane = sizeOf(size)
    const places = y!.shape.slice(2)
    const out = sizeOf(places)
    for (let c = 0; c < y!.data.length / out; c++)
      forEachIndex(places, (i, at) => {
        let best = Number.NEGATIVE_INFINITY
        let found = -1
        forEachIndex(kernel, (_, tap) => {
          let from = 0
          for (let d = 0; d < size.length; d++) {
            const p = at[d]! * strides[d]! - pads[d]![0] + tap[d]! * dilations[d]!
            if (p < 0 || p >= size[d]!) return
            from = from * size[d]! + p
          }
          const v = x!.data[c * plane + from]!
          if (found < 0 || v > best) {
            best = v
            found = from
          }
        })
        y!.data[c * out + i] = best
        where!.data[c * out + i] = found
      })
    return [y!, where!]
  }) as Kernel,
}
