/** What is to be predicted. */
import { categoryOf, isGap, numberOf, numbersOfColumn } from './columns.ts'
import { TabularError } from './error.ts'
import { columnOf, list, type RawTable } from './table.ts'

export type Task = 'regression' | 'classification'

export type Target =
  | { readonly kind: 'regression'; readonly name: string; readonly y: Float64Array }
  | {
      readonly kind: 'classes'
      readonly name: string
      readonly classes: readonly string[] /** Numbers of the classes. */
      readonly y: Float64Array
    }

/** Whole numbers of so few values are classes. */
const FEW = 10

/**
 * The target of the rows that have one: numbers with more than 10 values, or a fraction among them, are regression, all else is classes. `rows` are the rows of the table that it is of.
 * @throws TabularError where there is nothing to tell apart
 */
export function targetOf(
  table: RawTable,
  name: string,
  task?: Task,
): { readonly target: Target; readonly rows: readonly number[]; readonly warnings: readonly string[] } {
  const cells = columnOf(table, name)
  // Among numbers "NA" is a gap; among words it may be a class.
  const numeric = cells.every(c => numberOf(c) !== undefined)
  const rows = cells.flatMap((c, i) => ((numeric ? isGap(c) : categoryOf(c) === '') ? [] : [i]))
  const warnings: string[] = []
  if (rows.length === 0) throw new TabularError(`the target "${name}" is empty in every row`)
  const gaps = cells.length - rows.length
  if (gaps > 0) warnings.push(`${gaps} of ${cells.length} rows have no target "${name}": left out`)
  const known = rows.map(i => cells[i]!)
  const numbers = known.map(numberOf)
  const distinct = new Set(known.map(categoryOf))
  if (distinct.size === 1)
    throw new TabularError(`the target "${name}" is ${JSON.stringify([...distinct][0])} in every row: there is nothing to learn`)
  const fractions = numbers.some(v => v !== undefined && !Number.isInteger(v))
  const kind = task ?? (numeric && (fractions || distinct.size > FEW) ? 'regression' : 'classification')
  if (kind === 'regression') {
    const y = numbersOfColumn(table, name)
    return { target: { kind, name, y: Float64Array.from(rows, i => y[i]!) }, rows, warnings }
  }
  const classes = [...distinct].sort(byValue)
  if (classes.length > 0.5 * rows.length && classes.length > FEW)
    throw new TabularError(
      `the target "${name}" has ${classes.length} classes in ${rows.length} rows (${list(classes, 4)}); is it the right column? For numbers: --task regression`,
    )
  const number = new Map(classes.map((c, i) => [c, i]))
  const y = Float64Array.from(known, c => number.get(categoryOf(c))!)
  const counts = classes.map((_, k) => y.reduce((n, v) => n + Number(v === k), 0))
  const few = classes.filter((_, k) => counts[k]! < 10)
  if (few.length > 0)
    warnings.push(
      `few rows of ${list(
        few.map(c => `"${c}" (${counts[classes.indexOf(c)]})`),
        4,
      )}: what is said of ${few.length === 1 ? 'it' : 'them'} is uncertain`,
    )
  return { target: { kind: 'classes', name, classes, y }, rows, warnings }
}

/** Numbers by size, else by code units: the same on every machine. */
const byValue = (a: string, b: string): number => Number(a) - Number(b) || (a < b ? -1 : Number(a > b))
