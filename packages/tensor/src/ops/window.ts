/** Windows that slide over the spatial axes of [N, C, …]: what convolutions and pools share. */
import { ShapeError } from '../error.ts'
import type { Shape } from '../graph/dtype.ts'

/** How a window slides, one entry a spatial axis. */
export interface Window {
  readonly strides: readonly number[]
  /** Zeros (−∞ for a max pool) before and after. */
  readonly pads: readonly (readonly [low: number, high: number])[]
  readonly dilations: readonly number[]
}

/** `same`: ⌈size / stride⌉ outputs, the odd zero at the end; a number: on both sides of each axis. */
export type Padding = 'same' | 'valid' | number | readonly (number | readonly [low: number, high: number])[]

export interface WindowOptions {
  readonly stride?: number | readonly number[]
  readonly padding?: Padding
  readonly dilation?: number | readonly number[]
}

/** Options as one entry an axis, checked. */
export function windowOf(name: string, size: Shape, kernel: Shape, { stride = 1, padding = 0, dilation = 1 }: WindowOptions): Window {
  const each = (v: number | readonly number[], what: string): readonly number[] => {
    const list = typeof v === 'number' ? size.map(() => v) : v
    if (list.length !== size.length || list.some(n => !Number.isInteger(n) || n < 1)) {
      throw new ShapeError(`${name}: ${what} ${JSON.stringify(v)} is not a whole number from 1 for each of ${size.length} axes`)
    }
    return list
  }
  const strides = each(stride, 'stride')
  const dilations = each(dilation, 'dilation')
  const pads = size.map((n, i): readonly [number, number] => {
    if (padding === 'valid') return [0, 0]
    if (padding === 'same') {
      const total = Math.max(0, (Math.ceil(n / strides[i]!) - 1) * strides[i]! + dilations[i]! * (kernel[i]! - 1) + 1 - n)
      return [Math.floor(total / 2), Math.ceil(total / 2)]
    }
    const p = typeof padding === 'number' ? padding : padding[i]
    return typeof p === 'number' ? [p, p] : p!
  })
  if (pads.some(p => !p || p.some(n => !Number.isInteger(n) || n < 0)) || (Array.isArray(padding) && padding.length !== size.length)) {
    throw new ShapeError(`${name}: padding ${JSON.stringify(padding)} is not a whole number from 0 for each of ${size.length} axes`)
  }
  return { strides, pads, dilations }
}

/** How many places a window of `kernel` has on `size`. */
export function places(size: Shape, kernel: Shape, { strides, pads, dilations }: Window): number[] {
  return size.map((n, i) => {
    const room = n + pads[i]![0] + pads[i]![1] - dilations[i]! * (kernel[i]! - 1) - 1
    if (room < 0)
      throw new ShapeError(`a window of ${kernel[i]} (dilation ${dilations[i]}) does not fit on ${n} with padding ${pads[i]!.join('+')}`)
    return Math.floor(room / strides[i]!) + 1
  })
}
