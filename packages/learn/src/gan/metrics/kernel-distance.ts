import { dot } from '../../theory/algebra/matrix.ts'
import { checkedSets, type Rows } from './rows.ts'

/** Unbiased squared maximum mean discrepancy of features under k(x, y) = (x·y/d + 1)³ (Bińkowski et al. 2018); it has no bias for few samples, and may be below 0. */
export function kernelDistance(real: Rows, fake: Rows): number {
  checkedSets('kernel distance', real, fake, 2)
  const d = real[0]!.length
  const k = (a: Float64Array, b: Float64Array) => (dot(a, b) / d + 1) ** 3
  const within = (rows: Rows) => {
    let s = 0
    for (let i = 0; i < rows.length; i++) for (let j = 0; j < i; j++) s += k(rows[i]!, rows[j]!)
    return (2 * s) / (rows.length * (rows.length - 1))
  }
  let cross = 0
  for (const a of real) for (const b of fake) cross += k(a, b)
  return within(real) + within(fake) - (2 * cross) / (real.length * fake.length)
}
