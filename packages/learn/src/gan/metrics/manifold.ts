/** Sets of samples as unions of balls: how much of one lies in the other. */
import { GanError } from '../error.ts'
import { checkedSets, type Rows, squaredDistance } from './rows.ts'

/** Squared distance of each row to its k-th nearest other. */
function radii(rows: Rows, k: number): Float64Array {
  return Float64Array.from(rows, (r, i) => {
    const near: number[] = new Array<number>(k).fill(Infinity)
    for (let j = 0; j < rows.length; j++) {
      if (j === i) continue
      const d = squaredDistance(r, rows[j]!)
      if (d >= near[k - 1]!) continue
      let at = k - 1
      while (at > 0 && near[at - 1]! > d) near[at] = near[--at]!
      near[at] = d
    }
    return near[k - 1]!
  })
}

const share = (n: number, f: (i: number) => boolean): number => {
  let s = 0
  for (let i = 0; i < n; i++) if (f(i)) s++
  return s / n
}

export type Manifold = {
  /** Share of generated samples that lie in the ball of some real one, to its k-th nearest (Kynkäänniemi et al. 2019). */
  readonly precision: number
  /** Share of real samples that lie in the ball of some generated one. */
  readonly recall: number
  /** Real balls that a generated sample lies in, mean, over k (Naeem et al. 2020): 1 where the two are equal. */
  readonly density: number
  /** Share of real balls that hold a generated sample (the same): does not mistake outliers for variety. */
  readonly coverage: number
}

/** Precision, recall, density and coverage of features. @throws GanError for too few samples */
export function manifold(real: Rows, fake: Rows, k = 5): Manifold {
  if (!(Number.isInteger(k) && k >= 1)) throw new GanError(`the number of neighbours is a whole number from 1, not ${k}`)
  checkedSets('precision and recall', real, fake, k + 1)
  const [ofReal, ofFake] = [radii(real, k), radii(fake, k)]
  const distances = real.map(r => Float64Array.from(fake, f => squaredDistance(r, f)))
  let inside = 0
  distances.forEach((row, i) => {
    for (const d of row) if (d <= ofReal[i]!) inside++
  })
  return {
    precision: share(fake.length, j => distances.some((row, i) => row[j]! <= ofReal[i]!)),
    recall: share(real.length, i => distances[i]!.some((d, j) => d <= ofFake[j]!)),
    density: inside / (k * fake.length),
    coverage: share(real.length, i => distances[i]!.some(d => d <= ofReal[i]!)),
  }
}
