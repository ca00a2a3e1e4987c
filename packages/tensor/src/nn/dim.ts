/** Sizes of axes. A size that grows with the model has a name and a base, so that a parametrisation can tell it from one that does not. */
import { TensorError } from '../error.ts'

/** A size that scales: `size / base` times the model on which things were tuned. */
export interface Dim {
  readonly name: string
  readonly size: number
  readonly base: number
}

/** An axis's size: a plain number is finite (a vocabulary, a window), a `Dim` scales. */
export type Size = number | Dim

/** A size that scales with the model, named. At `base` (by default `size` itself) every parametrisation agrees with the standard one. */
export function dim(name: string, size: number, { base = size }: { readonly base?: number } = {}): Dim {
  for (const n of [size, base])
    if (!Number.isInteger(n) || n < 1) throw new TensorError(`dim "${name}": sizes are whole numbers from 1, got ${n}`)
  return { name, size, base }
}

/** The number that a size is. */
export const sizeOf = (d: Size): number => (typeof d === 'number' ? d : d.size)

/** What a size is in the base model; itself for a finite one. */
export const baseOf = (d: Size): number => (typeof d === 'number' ? d : d.base)

/** How many times its base a size is; 1 for a finite one. */
export const widthOf = (d: Size): number => (typeof d === 'number' ? 1 : d.size / d.base)

/** A size times a whole number, or a fraction that divides it: the hidden axis of a feed-forward net, heads × head size. */
export function times(d: Size, factor: number, name?: string): Size {
  if (typeof d === 'number') return whole(d * factor, `${d} × ${factor}`)
  return {
    name: name ?? d.name,
    size: whole(d.size * factor, `${d.name} ${d.size} × ${factor}`),
    base: whole(d.base * factor, `the base ${d.base} of ${d.name} × ${factor}`),
  }
}

/** How many times one size holds another: the size of a head, the channels of a group. Finite where both scale alike. */
export function quotient(d: Size, by: Size): Size {
  const word = (s: Size) => (typeof s === 'number' ? `${s}` : s.name)
  const name = `${word(d)}/${word(by)}`
  const size = whole(sizeOf(d) / sizeOf(by), `${name}, ${sizeOf(d)} / ${sizeOf(by)},`)
  const base = whole(baseOf(d) / baseOf(by), `${name} of the base, ${baseOf(d)} / ${baseOf(by)},`)
  return (typeof d === 'number' && typeof by === 'number') || size === base ? size : { name, size, base }
}

function whole(n: number, what: string): number {
  if (!Number.isInteger(n) || n < 1) throw new TensorError(`${what} is not a whole number from 1`)
  return n
}
