/** What a kernel of the interpreter is, and the index arithmetic that they share. */
import type { Shape } from '../../graph/dtype.ts'
import { sizeOf, stridesOf } from '../../graph/shape.ts'
import type { Precision, Value } from '../values.ts'

export interface KernelContext<A = object> {
  readonly inputs: readonly Value[]
  readonly attrs: A
  /** Room of the right types; a kernel fills and returns it, or returns values that share an input's data. */
  readonly outputs: readonly Value[]
  readonly precision: Precision
}

export type Kernel = (context: KernelContext<never>) => readonly Value[]

/** Where in `from` each element of `to` is found when `from` is broadcast to it, by its flat index. */
export function broadcastIndex(from: Shape, to: Shape): (i: number) => number {
  if (sizeOf(from) === 1) return () => 0
  const lead = to.length - from.length
  const outer = stridesOf(to)
  const inner = stridesOf(from)
  if (lead >= 0 && from.every((n, i) => n === to[i + lead])) {
    const n = sizeOf(from)
    return n === sizeOf(to) ? i => i : i => i % n
  }
  return i => {
    let at = 0
    for (let d = 0; d < from.length; d++) if (from[d] !== 1) at += (Math.floor(i / outer[d + lead]!) % to[d + lead]!) * inner[d]!
    return at
  }
}

/** Calls `f(flat index, coordinates)` for every element of a shape; the list of coordinates is reused. */
export function forEachIndex(shape: Shape, f: (i: number, at: readonly number[]) => void): void {
  const n = sizeOf(shape)
  const at = new Array<number>(shape.length).fill(0)
  for (let i = 0; i < n; i++) {
    f(i, at)
    for (let d = shape.length - 1; d >= 0; d--) {
      if (++at[d]! < shape[d]!) break
      at[d] = 0
    }
  }
}
