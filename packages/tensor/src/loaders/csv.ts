import { TensorError } from '../error.ts'

/** A CSV file (RFC 4180): the names of its columns and its rows, all as text. */
export interface Csv {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Reads CSV: fields between commas (or `delimiter`), in quotes where they hold commas, quotes (doubled) or line ends. Without a header the columns are called 0, 1, …. */
export function readCsv(
  text: string,
  { delimiter = ',', header = true }: { readonly delimiter?: string; readonly header?: boolean } = {},
): Csv {
  const rows: string[][] = []
  let row: string[] = []
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  while (at < text.length) {
    let field = ''
    if (text[at] === '"') {
      for (;;) {
        const end = text.indexOf('"', at + 1)
        if (end < 0) throw new TensorError(`CSV row ${rows.length + 1}: a quote is opened and never closed`)
        field += text.slice(at + 1, end)
        at = end + 1
        if (text[at] !== '"') break
        field += '"'
      }
    } else {
      const start = at
      while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at++
      field = text.slice(start, at)
    }
    row.push(field)
    if (text[at] === delimiter) {
      at++
      if (at < text.length) continue
      row.push('')
    } else if (at < text.length && text[at] !== '\n' && text[at] !== '\r') {
      throw new TensorError(`CSV row ${rows.length + 1}: ${JSON.stringify(text[at])} follows a closing quote`)
    }
    if (text[at] === '\r') at++
    if (text[at] === '\n') at++
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  const columns = header ? rows.shift() : rows[0]?.map((_, i) => `${i}`)
  if (!columns) throw new TensorError('the CSV is empty')
  const bad = rows.findIndex(r => r.length !== columns.length)
  if (bad >= 0)
    throw new TensorError(
      `CSV row ${bad + 1 + Number(header)} has ${rows[bad]!.length} fields, the ${header ? 'header' : 'first row'} ${columns.length}`,
    )
  return { columns, rows }
}
