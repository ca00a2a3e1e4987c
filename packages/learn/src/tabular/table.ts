/** Tables as they are read, before anything is known of their columns. */
import { TabularError } from './error.ts'

/** A field: text (all of CSV), or what JSON and Parquet hold. Null is a gap. */
export type Cell = string | number | boolean | null

/** Columns by name, all of one length. */
export interface RawTable {
  readonly source: string
  readonly names: readonly string[]
  readonly columns: readonly (readonly Cell[])[]
  readonly rows: number
}

/** A table from its columns. @throws TabularError for one that is empty, or has two columns of one name or one without a name */
export function rawTable(source: string, names: readonly string[], columns: readonly (readonly Cell[])[]): RawTable {
  if (names.length === 0) throw new TabularError(`${source} is empty: a table has a row of names and rows below it`)
  const twice = names.find((n, i) => names.indexOf(n) !== i)
  if (twice !== undefined)
    throw new TabularError(`${source} has two columns called "${twice}" (${places(names, twice)}); rename or remove one`)
  const unnamed = names.findIndex(n => n.trim() === '')
  if (unnamed >= 0) throw new TabularError(`column ${unnamed + 1} of ${source} has no name; the first row names the columns`)
  const rows = columns[0]!.length
  if (rows === 0) throw new TabularError(`${source} has names of columns (${names.join(', ')}) but no rows`)
  return { source, names, columns, rows }
}

const places = (names: readonly string[], name: string): string =>
  names.flatMap((n, i) => (n === name ? [`column ${i + 1}`] : [])).join(' and ')

/** A column by its name. @throws TabularError naming those there are */
export function columnOf(table: RawTable, name: string): readonly Cell[] {
  const at = table.names.indexOf(name)
  if (at >= 0) return table.columns[at]!
  const near = table.names.find(n => n.trim().toLowerCase() === name.trim().toLowerCase())
  throw new TabularError(`${table.source} has no column "${name}"${near ? `; did you mean "${near}"?` : '.'} It has: ${list(table.names)}`)
}

/** The table with some of its rows. */
export const takeTableRows = (table: RawTable, rows: ArrayLike<number>): RawTable => ({
  ...table,
  rows: rows.length,
  columns: table.columns.map(c => Array.from(rows, i => c[i]!)),
})

/** Names for a message, not too many. */
export const list = (names: readonly string[], most = 12): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`
