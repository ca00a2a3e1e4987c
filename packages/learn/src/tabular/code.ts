/** How rows become numbers for a model: fitted to training rows, and applied in the graph, so that the model's file takes raw columns. */
import { cast, concat, constant, f32, gather, i64, isNaN as isGapTensor, type Key, slice, sub, type Tensor, where } from '@dioramic/tensor'
import { quantileOf } from '../embeddings/bins.ts'
import type { Column } from './columns.ts'
import { quantileScaling, type Scaling, type ScalingKind, scaled, standardScaling } from './scaling.ts'

export interface NumberCode {
  readonly name: string
  /** Stands in gaps: the median. */
  readonly fill: number
  /** Whether training rows have gaps: then there is a feature that says so. */
  readonly gaps: boolean
  readonly scaling: Scaling
}

export interface CategoryCode {
  readonly name: string
  /** Values by number; the empty text is a gap. */
  readonly values: readonly string[]
  /** The number of rare and unknown values; −1, no feature at all, where training rows have none that are rare. */
  readonly other: number
}

/** Plain data: what a model's file says of its columns. */
export interface TableCode {
  readonly numbers: readonly NumberCode[]
  readonly categories: readonly CategoryCode[]
}

/** Names of a file's outputs, which no column may have. */
export const OUTPUTS = ['prediction', 'probabilities', 'label']

/** A value in fewer training rows counts as one of those that are unknown. */
const RARE = 5
const MOST_VALUES = 1000

/** Learns medians, scales and categories of training rows. */
export function fitCode(columns: readonly Column[], scaling: ScalingKind, key: Key): TableCode {
  const numbers = columns
    .filter(c => c.kind === 'number')
    .map(({ name, values }): NumberCode => {
      const known = values.filter(v => !Number.isNaN(v))
      const fill = known.length > 0 ? quantileOf(Float64Array.from(known).sort(), 0.5) : 0
      const scale =
        scaling === 'quantile'
          ? quantileScaling(known.length > 1 ? known : [fill, fill + 1], undefined, key.fork(name))
          : scaling === 'standard'
            ? standardScaling(known.length > 0 ? known : [0])
            : { kind: 'none' as const }
      return { name, fill, gaps: known.length < values.length, scaling: scale }
    })
  const categories = columns
    .filter(c => c.kind === 'category')
    .map(({ name, values }): CategoryCode => {
      const counts = new Map<string, number>()
      for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1)
      const kept = [...counts].filter(([, n]) => n >= RARE || values.length < 100).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      const most = kept
        .slice(0, MOST_VALUES)
        .map(([v]) => v)
        .sort()
      return { name, values: most, other: most.length < counts.size ? most.length : -1 }
    })
  return { numbers, categories }
}

/** Features of the model: numbers, then categories by their sizes, then one for each column with gaps. */
export const featuresOf = ({ numbers, categories }: TableCode) => ({
  numbers: numbers.length,
  categories: [...categories.map(c => c.values.length + (c.other >= 0 ? 1 : 0)), ...numbers.filter(n => n.gaps).map(() => 1)],
})

/** Rows of raw numbers and numbers of categories: what `coded` takes. */
export function rawRows(
  columns: readonly Column[],
  { numbers, categories }: TableCode,
): { readonly x: Float32Array; readonly width: number } {
  const byName = new Map(columns.map(c => [c.name, c]))
  const width = numbers.length + categories.length
  const rows = columns[0]?.values.length ?? 0
  const x = new Float32Array(rows * width)
  numbers.forEach(({ name }, k) => {
    const { values } = byName.get(name) as Column & { kind: 'number' }
    for (let i = 0; i < rows; i++) x[i * width + k] = values[i]!
  })
  categories.forEach(({ name, values: known, other }, k) => {
    const { values } = byName.get(name) as Column & { kind: 'category' }
    const number = new Map(known.map((v, i) => [v, i]))
    for (let i = 0; i < rows; i++) x[i * width + numbers.length + k] = number.get(values[i]!) ?? other
  })
  return { x, width }
}

/** The graph's first part: raw rows [batch, numbers + categories] → rows of the model, [batch, features]. */
export function coded(x: Tensor, { numbers, categories }: TableCode): Tensor {
  const n = numbers.length
  const part = (from: number, to: number) =>
    slice(x, [
      [0, x.shape[0]!],
      [from, to],
    ])
  const parts: Tensor[] = []
  if (n > 0) {
    const raw = part(0, n)
    const gap = isGapTensor(raw)
    const filled = where(gap, constant(f32(numbers.map(c => c.fill))), raw)
    parts.push(
      scaled(
        filled,
        numbers.map(c => c.scaling),
      ),
    )
    if (categories.length > 0) parts.push(part(n, n + categories.length))
    const gappy = numbers.flatMap((c, k) => (c.gaps ? [k] : []))
    // Category 0 of one where there is a gap, none of it elsewhere.
    if (gappy.length > 0) parts.push(gather(sub(cast(gap, 'f32'), 1), constant(i64(gappy)), 1))
  } else parts.push(x)
  return parts.length === 1 ? parts[0]! : concat(parts, 1)
}
