/** Tables as arrays: numbers standardised, categories numbered, gaps marked. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import type { Csv } from './csv.ts'

/** What is known of a column from the rows that it was fitted to. */
export type ColumnCode =
  | { readonly kind: 'numeric'; readonly name: string; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'categorical'; readonly name: string; readonly values: readonly string[] }

export interface TableOptions {
  /** The column that is predicted. Left out: there is none. */
  readonly target?: string
  /** Columns that hold categories; others that have a field that is no number are taken for categories too. */
  readonly categorical?: readonly string[]
  /** Columns that are not used. */
  readonly ignore?: readonly string[]
  /** Fields that stand for a gap. Default: empty, NA, NaN, null, ? */
  readonly missing?: readonly string[]
}

export interface TableArrays {
  readonly [name: string]: NDArray
  /** f32 [rows, numeric columns]: (value − mean) / deviation, 0 in gaps. */
  readonly numeric: NDArray
  /** f32 [rows, numeric columns]: 1 in gaps. */
  readonly missing: NDArray
  /** i64 [rows, categorical columns]: 0 for gaps and for values that were not fitted, else from 1. */
  readonly categorical: NDArray
  /** The target: f32 [rows] standardised, or i64 [rows] of classes from 0. Only where there is one. */
  readonly y: NDArray
}

/** How a table becomes arrays, fitted to one part of it (the training rows) and applied to any. It is plain data: `JSON.stringify(table.code)` keeps it. */
export interface TableCode {
  readonly columns: readonly ColumnCode[]
  readonly target: ColumnCode | undefined
  readonly missing: readonly string[]
}

const MISSING = ['', 'NA', 'NaN', 'nan', 'null', '?']

/** Learns means, deviations and categories from rows. */
export function fitTable(csv: Csv, { target, categorical = [], ignore = [], missing = MISSING }: TableOptions = {}): TableCode {
  for (const name of [...categorical, ...ignore, ...(target === undefined ? [] : [target])])
    if (!csv.columns.includes(name)) throw new TensorError(`the table has no column "${name}"; it has ${csv.columns.join(', ')}`)
  const gaps = new Set(missing)
  const code = (name: string): ColumnCode => {
    const at = csv.columns.indexOf(name)
    const fields = csv.rows.map(r => r[at]!.trim()).filter(f => !gaps.has(f))
    const numbers = fields.map(Number)
    if (categorical.includes(name) || numbers.some(n => !Number.isFinite(n)))
      return { kind: 'categorical', name, values: [...new Set(fields)].sort(compare) }
    const mean = numbers.reduce((a, b) => a + b, 0) / Math.max(1, numbers.length)
    const variance = numbers.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, numbers.length)
    return { kind: 'numeric', name, mean, deviation: Math.sqrt(variance) || 1 }
  }
  return {
    columns: csv.columns.filter(c => c !== target && !ignore.includes(c)).map(code),
    target: target === undefined ? undefined : code(target),
    missing,
  }
}

/** Numbers by size, else by code units: the same on every machine. */
const compare = (a: string, b: string): number => Number(a) - Number(b) || (a < b ? -1 : Number(a > b))

/** Rows as arrays. @throws TensorError for a target that is a gap or was not fitted, and for a number that is none */
export function encodeTable(csv: Csv, { columns, target, missing }: TableCode): TableArrays {
  const gaps = new Set(missing)
  const n = csv.rows.length
  const column = (name: string): string[] => {
    const at = csv.columns.indexOf(name)
    if (at < 0) throw new TensorError(`the table has no column "${name}", which it was fitted with`)
    return csv.rows.map(r => r[at]!.trim())
  }
  const numeric = columns.filter(c => c.kind === 'numeric')
  const categories = columns.filter(c => c.kind === 'categorical')
  const numbers = new Float32Array(n * numeric.length)
  const absent = new Float32Array(n * numeric.length)
  numeric.forEach((c, k) => {
    column(c.name).forEach((field, i) => {
      const at = i * numeric.length + k
      if (gaps.has(field)) absent[at] = 1
      else numbers[at] = (numberOf(field, c.name, i) - c.mean) / c.deviation
    })
  })
  const classes = new BigInt64Array(n * categories.length)
  categories.forEach((c, k) => {
    const known = new Map(c.values.map((v, i) => [v, i + 1]))
    column(c.name).forEach((field, i) => {
      classes[i * categories.length + k] = BigInt(known.get(field) ?? 0)
    })
  })
  return {
    numeric: { dtype: 'f32', shape: [n, numeric.length], data: numbers },
    missing: { dtype: 'f32', shape: [n, numeric.length], data: absent },
    categorical: { dtype: 'i64', shape: [n, categories.length], data: classes },
    ...(target ? { y: targetOf(target, column(target.name), gaps) } : {}),
  } as TableArrays
}

function targetOf(target: ColumnCode, fields: readonly string[], gaps: ReadonlySet<string>): NDArray {
  const gap = fields.findIndex(f => gaps.has(f))
  if (gap >= 0) throw new TensorError(`row ${gap + 1} has no value for the target "${target.name}": leave such rows out`)
  if (target.kind === 'numeric')
    return {
      dtype: 'f32',
      shape: [fields.length],
      data: Float32Array.from(fields, (f, i) => (numberOf(f, target.name, i) - target.mean) / target.deviation),
    }
  const known = new Map(target.values.map((v, i) => [v, BigInt(i)]))
  const data = BigInt64Array.from(fields, (f, i) => {
    const label = known.get(f)
    if (label === undefined)
      throw new TensorError(`row ${i + 1}: the target "${target.name}" is ${JSON.stringify(f)}, a class that it was not fitted with`)
    return label
  })
  return { dtype: 'i64', shape: [fields.length], data }
}

function numberOf(field: string, name: string, row: number): number {
  const x = Number(field)
  if (!Number.isFinite(x))
    throw new TensorError(
      `row ${row + 1}: ${JSON.stringify(field)} in the column "${name}" is no number; name it in \`missing\` if it stands for a gap`,
    )
  return x
}
