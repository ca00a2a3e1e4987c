import type { Kernel } from './kernel.ts'
import { lines } from './line.ts'

export const order: Record<string, Kernel> = {
  topK: (({ inputs: [x], attrs, outputs: [values, indices] }) => {
    const { axis, k, largest } = attrs as { axis: number; k: number; largest: boolean }
    const n = x!.shape[axis]!
    const starts: number[] = []
    lines(values!.shape, axis, start => starts.push(start))
    let line = 0
    lines(x!.shape, axis, (start, step) => {
      const at = (i: number) => x!.data[start + i * step]!
      // The sort is stable, so equals stay in order; NaN comes last.
      const best = Array.from({ length: n }, (_, i) => i).sort((a, b) => {
        const u = at(a)
        const v = at(b)
        if (Number.isNaN(u) || Number.isNaN(v)) return Number(Number.isNaN(u)) - Number(Number.isNaN(v))
        return u === v ? 0 : u < v === largest ? 1 : -1
      })
      const to = starts[line++]!
      for (let i = 0; i < k; i++) {
        values!.data[to + i * step] = at(best[i]!)
        indices!.data[to + i * step] = best[i]!
      }
    })
    return [values!, indices!]
  }) as Kernel,
  cumsum: (({ inputs: [x], attrs, outputs: [y] }) => {
    const { axis, reverse, exclusive } = attrs as { axis: number; reverse: boolean; exclusive: boolean }
    const n = x!.shape[axis]!
    lines(x!.shape, axis, (start, step) => {
      let total = 0
      for (let k = 0; k < n; k++) {
        const i = start + (reverse ? n - 1 - k : k) * step
        const before = total
        total += x!.data[i]!
        y!.data[i] = exclusive ? before : total
      }
    })
    return [y!]
  }) as Kernel,
}
