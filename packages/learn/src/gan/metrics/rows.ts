/** Samples as rows of numbers. */
import { GanError } from '../error.ts'

export { rowsOf } from '../../theory/models/classifier.ts'

export type Rows = readonly Float64Array[]

/** Refuses sets that cannot be compared. */
export function checkedSets(what: string, real: Rows, fake: Rows, least: number): void {
  for (const [name, rows] of [
    ['real', real],
    ['generated', fake],
  ] as const)
    if (rows.length < least) throw new GanError(`${what}: ${rows.length} ${name} samples; it needs at least ${least}`)
  if (real[0]!.length !== fake[0]!.length)
    throw new GanError(`${what}: real samples have ${real[0]!.length} numbers, generated ones ${fake[0]!.length}`)
}

export const squaredDistance = (a: Float64Array, b: Float64Array): number => {
  let s = 0
  for (let i = 0; i < a.length; i++) s += (a[i]! - b[i]!) ** 2
  return s
}

/** Distance of each row to the nearest of others. */
export const nearest = (rows: Rows, others: Rows): Float64Array =>
  Float64Array.from(rows, r => Math.sqrt(others.reduce((best, o) => Math.min(best, squaredDistance(r, o)), Infinity)))
