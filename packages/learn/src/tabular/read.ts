/** Tables from the bytes of files: CSV, JSON lines and Parquet. */
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import Papa from 'papaparse'
import { TabularError } from './error.ts'
import { type Cell, type RawTable, rawTable } from './table.ts'

export type TableFormat = 'csv' | 'jsonl' | 'parquet'

/** The format that a file's name says. @throws TabularError naming those there are */
export function formatOf(name: string): TableFormat {
  if (/\.(csv|tsv|txt)$/i.test(name)) return 'csv'
  if (/\.(jsonl|ndjson|json)$/i.test(name)) return 'jsonl'
  if (/\.(parquet|pq)$/i.test(name)) return 'parquet'
  throw new TabularError(
    `${name}: tables are read from .csv, .tsv, .jsonl (an object a line), .json (a list of objects) and .parquet files`,
  )
}

/** Reads a table. `source` is what messages call it. @throws TabularError with the row and what is wrong there */
export async function readTable(bytes: Uint8Array, format: TableFormat, source: string): Promise<RawTable> {
  if (bytes.length === 0) throw new TabularError(`${source} is empty`)
  if (format === 'parquet') return readParquet(bytes, source)
  const text = new TextDecoder().decode(bytes)
  return format === 'csv' ? readCsvText(text, source) : readJsonLines(text, source)
}

/** CSV by RFC 4180; commas, tabs, semicolons or bars, whichever it has. */
function readCsvText(text: string, source: string): RawTable {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' })
  const broken = errors.find(e => e.type === 'Quotes')
  if (broken)
    throw new TabularError(
      `${source}, row ${(broken.row ?? 0) + 1}: ${broken.message.toLowerCase()}; quotes inside a quoted field are doubled`,
    )
  const [head = [], ...rows] = data
  const names = head.map(n => n.trim())
  const ragged = rows.findIndex(r => r.length !== names.length)
  if (ragged >= 0)
    throw new TabularError(
      `${source}, row ${ragged + 1}: ${rows[ragged]!.length} fields, but the first row names ${names.length} columns; put fields that hold the delimiter into quotes`,
    )
  return rawTable(
    source,
    names,
    names.map((_, c) => rows.map(r => r[c]!)),
  )
}

function readJsonLines(text: string, source: string): RawTable {
  if (text.trimStart().startsWith('[')) return readJsonList(text, source)
  const objects: Record<string, unknown>[] = []
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch (e) {
      throw new TabularError(`${source}, line ${i + 1} is no JSON: ${(e as Error).message}`)
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new TabularError(`${source}, line ${i + 1} is no object: each line is {"column": value, …}`)
    objects.push(value as Record<string, unknown>)
  })
  return fromObjects(objects, source)
}

function readJsonList(text: string, source: string): RawTable {
  let list: unknown[]
  try {
    list = JSON.parse(text) as unknown[]
  } catch (e) {
    throw new TabularError(`${source} is no JSON: ${(e as Error).message}`)
  }
  const odd = list.findIndex(v => typeof v !== 'object' || v === null || Array.isArray(v))
  if (odd >= 0) throw new TabularError(`${source}, entry ${odd + 1} is no object: the list is [{"column": value, …}, …]`)
  return fromObjects(list as Record<string, unknown>[], source)
}

async function readParquet(bytes: Uint8Array, source: string): Promise<RawTable> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  let rows: Record<string, unknown>[]
  try {
    rows = await parquetReadObjects({ file, compressors })
  } catch (e) {
    throw new TabularError(`${source} cannot be read as Parquet: ${(e as Error).message}`)
  }
  return fromObjects(rows, source)
}

function fromObjects(objects: readonly Record<string, unknown>[], source: string): RawTable {
  const names = [...new Set(objects.flatMap(o => Object.keys(o)))]
  return rawTable(
    source,
    names,
    names.map(name => objects.map((o, i) => cellOf(o[name], name, i, source))),
  )
}

function cellOf(v: unknown, name: string, row: number, source: string): Cell {
  if (v === null || v === undefined) return null
  if (typeof v === 'string' || typeof v === 'number' || typeof v === 'boolean') return v
  if (typeof v === 'bigint') return Number(v)
  if (v instanceof Date) return v.toISOString()
  throw new TabularError(
    `${source}, row ${row + 1}, column "${name}" holds ${Array.isArray(v) ? 'a list' : 'an object'}; a field is a number, text, true, false or null`,
  )
}
