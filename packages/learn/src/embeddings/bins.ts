/** Edges of the bins of numerical features (Gorishniy et al. 2022, section 3.2). */
import { EmbeddingError } from './error.ts'
import { type TreeOptions, type TreeTarget, treeThresholds } from './tree.ts'

/** Edges of one feature's bins, strictly ascending, at least two. */
export type Edges = readonly number[]

/** Columns of numbers, one a feature. */
export type NumberColumns = readonly ArrayLike<number>[]

/** Throws EmbeddingError where edges are too few, not finite or not strictly ascending. */
export function checkBins(bins: readonly Edges[]): void {
  if (bins.length === 0) throw new EmbeddingError('bins of no features')
  bins.forEach((edges, f) => {
    if (edges.length < 2) throw new EmbeddingError(`feature ${f} has ${edges.length} edges; a bin has two`)
    edges.forEach((e, i) => {
      if (!Number.isFinite(e)) throw new EmbeddingError(`feature ${f} has an edge that is ${e}`)
      if (i > 0 && e <= edges[i - 1]!)
        throw new EmbeddingError(`edges of feature ${f} are not strictly ascending: ${edges[i - 1]} before ${e}`)
    })
  })
}

/** The q-quantile of sorted numbers, linear between order statistics (type 7 of Hyndman & Fan 1996, NumPy's default). */
export function quantileOf(sorted: ArrayLike<number>, q: number): number {
  const place = q * (sorted.length - 1)
  const low = Math.floor(place)
  const [a, b] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!]
  return a + (b - a) * (place - low)
}

function checkColumns(columns: NumberColumns, count: number): void {
  const n = columns[0]?.length ?? 0
  if (n < 2) throw new EmbeddingError(`bins need at least one feature and two samples, not ${columns.length} and ${n}`)
  if (!(Number.isInteger(count) && count > 1 && count < n))
    throw new EmbeddingError(`the number of bins is a whole number from 2 to below the ${n} samples, not ${count}`)
  columns.forEach((column, f) => {
    if (column.length !== n) throw new EmbeddingError(`feature ${f} has ${column.length} samples, feature 0 has ${n}`)
    let varies = false
    for (let i = 0; i < n; i++) {
      if (!Number.isFinite(column[i]!)) throw new EmbeddingError(`feature ${f}, sample ${i}: ${column[i]} is no number to bin`)
      varies ||= column[i] !== column[0]
    }
    if (!varies) throw new EmbeddingError(`feature ${f} has one value only, ${column[0]}: it has no bins; leave it out`)
  })
}

/** Bins between quantiles: `count` of them, fewer where quantiles coincide (Q of the paper). */
export function quantileBins(columns: NumberColumns, count = 48): number[][] {
  checkColumns(columns, count)
  return columns.map(column => {
    const sorted = Float64Array.from(column).sort()
    return distinct(Array.from({ length: count + 1 }, (_, j) => quantileOf(sorted, j / count)))
  })
}

/** Bins between the thresholds of a decision tree on the feature alone, so where the target changes (T of the paper). `leaves` is the most bins. */
export function treeBins(columns: NumberColumns, target: TreeTarget, options: TreeOptions): number[][] {
  checkColumns(columns, options.leaves)
  return columns.map(column => {
    let [low, high] = [Infinity, -Infinity]
    for (let i = 0; i < column.length; i++) {
      low = Math.min(low, column[i]!)
      high = Math.max(high, column[i]!)
    }
    return distinct([low, ...treeThresholds(column, target, options).filter(t => t > low && t < high), high])
  })
}

const distinct = (ascending: readonly number[]): number[] => ascending.filter((e, i) => i === 0 || e > ascending[i - 1]!)
