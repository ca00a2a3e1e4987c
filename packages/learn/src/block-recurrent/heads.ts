/** Projections of tokens or states into heads. */
import { at, nn, reshape, slice, type Tensor, transpose } from '@dioramic/tensor'
import { unit } from './attend.ts'
import { BlockRecurrentError } from './error.ts'

/** Truncated normal of variance 1 / fan-in: how all matrices begin. */
export const matrixInit: nn.Init = { distribution: 'truncatedNormal', scale: 1, fan: 'in' }

/** A matrix without bias. */
export const matrix = (from: nn.Size, to: nn.Size): nn.Layer => nn.linear(from, to, { bias: false, init: matrixInit })

/** One matrix from d to several projections of d numbers, drawn apart. */
export const projections = (d: nn.Size, names: readonly string[]): nn.Layer =>
  nn.linear(d, nn.times(d, names.length), { bias: false, fanOut: [d], parts: names.map(name => ({ name, init: matrixInit })) })

/** Numbers of a head. @throws BlockRecurrentError where they do not divide */
export function headSize(d: nn.Size, heads: number): number {
  const n = nn.sizeOf(d)
  if (!Number.isInteger(heads) || heads < 1 || n % heads !== 0)
    throw new BlockRecurrentError(`a width of ${n} does not divide into ${heads} heads: choose a number of heads that divides the width`)
  return n / heads
}

/** [..., heads, rows, size] → [..., rows, heads·size]. */
export function joinHeads(x: Tensor): Tensor {
  const [heads, rows, size] = x.shape.slice(-3) as [number, number, number]
  const lead = x.shape.slice(0, -3)
  const at = lead.map((_, i) => i)
  const n = lead.length
  return reshape(transpose(x, [...at, n + 1, n, n + 2]), [...lead, rows, heads * size])
}

/** Projections side by side [batch, rows, count·heads·size] → [count, batch, heads, rows, size]. */
export function inHeads(x: Tensor, count: number, heads: number): Tensor {
  const [batch, rows, width] = x.shape as [number, number, number]
  return transpose(reshape(x, [batch, rows, count, heads, width / count / heads]), [2, 0, 3, 1, 4])
}

/** The first projections as unit vectors, one by one, the last (the values) as it is. */
export function unitsAndValues(all: Tensor): Tensor[] {
  const n = all.shape[0]!
  const units = unit(slice(all, [[0, n - 1]]))
  return [...Array.from({ length: n - 1 }, (_, i) => at(units, i)), at(all, n - 1)]
}
