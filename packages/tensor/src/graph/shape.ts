/** Arithmetic of shapes: sizes, strides and NumPy broadcasting. */
import { ShapeError } from '../error.ts'
import type { Shape } from './dtype.ts'

export const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1)

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i])

/** Steps between neighbours along each axis of a row-major array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  for (let i = shape.length - 1, step = 1; i >= 0; step *= shape[i]!, i--) strides[i] = step
  return strides
}

/** The common shape of operands under NumPy's rule: align at the last axis; sizes must be equal or 1. */
export function broadcastShapes(...shapes: readonly Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map(s => s.length))
  const out = new Array<number>(rank).fill(1)
  for (const shape of shapes) {
    for (let i = 0; i < shape.length; i++) {
      const at = rank - shape.length + i
      const n = shape[i]!
      if (n === 1) continue
      if (out[at] !== 1 && out[at] !== n)
        throw new ShapeError(
          `shapes ${shapes.map(s => `[${s.join(',')}]`).join(' and ')} do not broadcast: axis ${at - rank} is ${out[at]} and ${n}`,
        )
      out[at] = n
    }
  }
  return out
}

/** An axis counted from either end, as an index from the front. */
export function normalAxis(axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) throw new ShapeError(`axis ${axis} is not one of a tensor of rank ${rank}`)
  return axis < 0 ? axis + rank : axis
}

/** Sorted, distinct axes from the front; `undefined` means all. */
export function normalAxes(axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i)
  const list = (typeof axes === 'number' ? [axes] : axes).map(a => normalAxis(a, rank)).sort((a, b) => a - b)
  if (list.some((a, i) => i > 0 && a === list[i - 1])) throw new ShapeError(`axes ${JSON.stringify(axes)} name one axis twice`)
  return list
}
