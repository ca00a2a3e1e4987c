/** What columns are: numbers or categories, as their fields say or the user does. */
import { TabularError } from './error.ts'
import { type Cell, columnOf, list, type RawTable } from './table.ts'

export type Column =
  | { readonly kind: 'number'; readonly name: string /** NaN in gaps. */; readonly values: Float64Array }
  | { readonly kind: 'category'; readonly name: string /** Empty in gaps. */; readonly values: readonly string[] }

/** Fields that are gaps among numbers, in any case. */
const GAPS = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?', 'nil', '-'])

/** Whether a field stands for no number. */
export const isGap = (cell: Cell): boolean =>
  cell === null || (typeof cell === 'number' ? Number.isNaN(cell) : typeof cell === 'string' && GAPS.has(cell.trim().toLowerCase()))

/** A field as a category; the empty text is a gap. Words such as "NA" may be categories, so they stay. */
export const categoryOf = (cell: Cell): string => (cell === null || Number.isNaN(cell) ? '' : String(cell).trim())

const INFINITE = /^[+-]?inf(inity)?$/i

/** A field as a number: NaN for a gap, undefined where it is none. */
export function numberOf(cell: Cell): number | undefined {
  if (isGap(cell)) return Number.NaN
  if (typeof cell === 'number') return cell
  if (typeof cell === 'boolean') return undefined
  const text = (cell as string).trim()
  if (INFINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  const v = Number(text)
  return Number.isNaN(v) ? undefined : v
}

/** A column as numbers. @throws TabularError naming row and column where a field is none, or is infinite */
export function numbersOfColumn(table: RawTable, name: string): Float64Array {
  return Float64Array.from(columnOf(table, name), (cell, i) => {
    const v = numberOf(cell)
    if (v === undefined) throw new TabularError(`${table.source}, row ${i + 1}, column "${name}": ${JSON.stringify(cell)} is not a number`)
    if (v === Infinity || v === -Infinity)
      throw new TabularError(`${table.source}, row ${i + 1}, column "${name}" is infinite; write a number, or leave the field empty`)
    return v
  })
}

export interface ColumnChoice {
  /** Columns that are not looked at. */
  readonly ignore?: readonly string[]
  /** Columns that are categories, whatever they look like. */
  readonly categories?: readonly string[]
  /** Columns that are numbers. */
  readonly numbers?: readonly string[]
}

/** Distinct texts in more than this share of the rows are names of rows, not categories. */
const MOSTLY_DISTINCT = 0.5
const MANY = 50

/** Types of all columns but some. What cannot be of use is left out and said in `warnings`. */
export function typedColumns(
  table: RawTable,
  except: readonly string[],
  { ignore = [], categories = [], numbers = [] }: ColumnChoice,
): { readonly columns: readonly Column[]; readonly warnings: readonly string[] } {
  for (const name of [...ignore, ...categories, ...numbers]) columnOf(table, name)
  const both = categories.find(c => numbers.includes(c))
  if (both !== undefined) throw new TabularError(`the column "${both}" is said to be numbers and categories; it can be one of them`)
  const warnings: string[] = []
  const columns: Column[] = []
  for (const name of table.names) {
    if (except.includes(name) || ignore.includes(name)) continue
    const cells = columnOf(table, name)
    const known = cells.filter(c => !isGap(c))
    const distinct = new Set(known.map(categoryOf))
    if (known.length === 0) {
      warnings.push(`"${name}" is empty in every row: left out`)
      continue
    }
    if (distinct.size === 1 && known.length === cells.length) {
      warnings.push(`"${name}" is ${JSON.stringify([...distinct][0])} in every row, so nothing can be learnt from it: left out`)
      continue
    }
    if (categories.includes(name)) {
      columns.push({ kind: 'category', name, values: cells.map(categoryOf) })
      continue
    }
    const odd = known.filter(c => numberOf(c) === undefined)
    if (numbers.includes(name) || odd.length === 0) {
      const values = numbersOfColumn(table, name)
      if (!numbers.includes(name) && isCounter(values)) {
        warnings.push(`"${name}" counts the rows: left out (keep it with --numbers ${name})`)
        continue
      }
      columns.push({ kind: 'number', name, values })
      continue
    }
    if (odd.length <= 0.05 * known.length)
      warnings.push(
        `"${name}" is taken for categories: ${odd.length} of its ${known.length} fields are no numbers (${list([...new Set(odd.map(c => JSON.stringify(c)))], 3)}); empty them if they stand for gaps`,
      )
    if (distinct.size > MANY && distinct.size > MOSTLY_DISTINCT * cells.length) {
      warnings.push(
        `"${name}" has ${distinct.size} different texts in ${cells.length} rows, so it names rows rather than groups them: left out (keep it with --categories ${name})`,
      )
      continue
    }
    columns.push({ kind: 'category', name, values: cells.map(categoryOf) })
  }
  if (columns.length === 0)
    throw new TabularError(`${table.source} has no column to learn from${warnings.length > 0 ? `: ${warnings.join('; ')}` : ''}`)
  return { columns, warnings }
}

/** Whether numbers go up by one from row to row. */
const isCounter = (v: Float64Array): boolean => v.length >= 20 && v.every((x, i) => i === 0 || x === v[i - 1]! + 1)

/** Some rows of a column. */
export const takeColumn = (c: Column, rows: ArrayLike<number>): Column =>
  c.kind === 'number' ? { ...c, values: Float64Array.from(rows, i => c.values[i]!) } : { ...c, values: Array.from(rows, i => c.values[i]!) }
