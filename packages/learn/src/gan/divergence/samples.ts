/** Wasserstein distances of samples. */
import type { Key } from '@dioramic/tensor'
import { normals } from '../../theory/algebra/random.ts'
import { GanError } from '../error.ts'

/** Wasserstein-1 distance of two samples of numbers, of any sizes: the area between their quantile functions. */
export function wassersteinOfSamples(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length === 0 || b.length === 0)
    throw new GanError(`Wasserstein distance of samples of ${a.length} and ${b.length} numbers: both need some`)
  const [x, y] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()]
  let [i, j, at, total] = [0, 0, 0, 0]
  while (i < x.length && j < y.length) {
    const next = Math.min((i + 1) / x.length, (j + 1) / y.length)
    total += (next - at) * Math.abs(x[i]! - y[j]!)
    // Both may end together: compared as whole numbers.
    const [ends, other] = [(i + 1) * y.length, (j + 1) * x.length]
    if (ends <= other) i++
    if (other <= ends) j++
    at = next
  }
  return total
}

/** Mean Wasserstein-1 distance along `directions` directions at random (Rabin et al. 2012). Rows have one length. */
export function slicedWasserstein(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[], key: Key, directions = 64): number {
  const d = a[0]?.length ?? 0
  let total = 0
  for (let k = 0; k < directions; k++) {
    const u = normals(key.fork(k), d)
    const length = Math.sqrt(u.reduce((s, v) => s + v * v, 0))
    const along = (rows: readonly ArrayLike<number>[]) =>
      rows.map(r => {
        let s = 0
        for (let i = 0; i < d; i++) s += r[i]! * u[i]!
        return s / length
      })
    total += wassersteinOfSamples(along(a), along(b))
  }
  return total / directions
}
