/** Walks along one axis of row-major arrays. */
import type { Shape } from '../../graph/dtype.ts'
import { sizeOf } from '../../graph/shape.ts'

/** Calls `f(start, step)` for each line along `axis`: its elements are at start, start + step, … */
export function lines(shape: Shape, axis: number, f: (start: number, step: number) => void): void {
  const step = sizeOf(shape.slice(axis + 1))
  const n = shape[axis]!
  const outer = sizeOf(shape.slice(0, axis))
  for (let o = 0; o < outer; o++) for (let i = 0; i < step; i++) f(o * n * step + i, step)
}
