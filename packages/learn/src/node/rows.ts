/** Labelled samples from files: CSV (also gzipped) and npz. */
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { CodecError, decodeNpz, gunzip } from '@dioramic/codec'
import { readCsv } from '@dioramic/tensor'
import { TheoryError } from '../theory/algebra/matrix.ts'
import type { LabelledRows } from '../theory/data/digits.ts'

export interface RowOptions {
  /** Column of the label: its name, or its number from 0. By default `label`, `target`, `class` or `y`, else the last. */
  readonly target?: string
  /** Every number but the label is divided by this. Default 1. */
  readonly scale?: number
}

/** Reads labelled samples; labels are whole numbers from 0. @throws TheoryError naming file, row and column */
export function loadRows(path: string, { target, scale = 1 }: RowOptions = {}): LabelledRows {
  if (!existsSync(path)) throw new TheoryError(`there is no file ${path}`)
  let bytes: Uint8Array = new Uint8Array(readFileSync(path))
  if (path.endsWith('.gz')) bytes = gunzip(bytes)
  const plain = path.replace(/\.gz$/, '')
  if (plain.endsWith('.npz')) return fromNpz(path, bytes, scale)
  if (/\.(csv|txt)$/.test(plain)) return fromCsv(path, new TextDecoder().decode(bytes), target, scale)
  throw new TheoryError(`${path}: data are read from .csv, .csv.gz (a sample a row, one column the label) and .npz (arrays x and y)`)
}

function fromCsv(path: string, text: string, target: string | undefined, scale: number): LabelledRows {
  const first = text.slice(0, text.search(/[\r\n]|$/)).split(',')
  const csv = readCsv(text, { header: first.some(f => f.trim() === '' || Number.isNaN(Number(f))) })
  const known = csv.columns.findIndex(c => /^(label|target|class|y)$/i.test(c.trim()))
  const at = target === undefined ? (known >= 0 ? known : csv.columns.length - 1) : csv.columns.indexOf(target)
  if (at < 0)
    throw new TheoryError(
      `${path} has no column "${target}"; it has ${csv.columns.slice(0, 12).join(', ')}${csv.columns.length > 12 ? ', …' : ''}`,
    )
  const number = (row: number, column: number): number => {
    const field = csv.rows[row]![column]!
    const v = field.trim() === '' ? Number.NaN : Number(field)
    if (Number.isNaN(v))
      throw new TheoryError(`${path}, row ${row + 1}, column "${csv.columns[column]}": ${JSON.stringify(field)} is not a number`)
    return v
  }
  const columns = csv.columns.map((_, k) => k).filter(k => k !== at)
  return labelled(
    path,
    csv.rows.map((_, i) => Float64Array.from(columns, k => number(i, k) / scale)),
    csv.rows.map((_, i) => number(i, at)),
    [columns.length],
  )
}

function fromNpz(path: string, bytes: Uint8Array, scale: number): LabelledRows {
  let arrays: ReturnType<typeof decodeNpz>
  try {
    arrays = decodeNpz(bytes)
  } catch (e) {
    if (e instanceof CodecError) throw new TheoryError(`${path}: ${e.message}`)
    throw e
  }
  const { x, y } = arrays
  if (!x || !y)
    throw new TheoryError(
      `${path} holds ${Object.keys(arrays).join(', ') || 'nothing'}; it must hold the arrays x (samples) and y (labels)`,
    )
  const n = x.shape[0] ?? 0
  if (y.data.length !== n) throw new TheoryError(`${path}: x has ${n} samples, y ${y.data.length} labels`)
  const d = x.data.length / n
  const values = Float64Array.from(x.data as ArrayLike<number | bigint>, v => Number(v) / scale)
  return labelled(
    path,
    Array.from({ length: n }, (_, i) => values.slice(i * d, (i + 1) * d)),
    Array.from(y.data as ArrayLike<number | bigint>, Number),
    x.shape.slice(1),
  )
}

function labelled(path: string, x: readonly Float64Array[], labels: readonly number[], shape: readonly number[]): LabelledRows {
  const wrong = labels.findIndex(v => !(Number.isInteger(v) && v >= 0))
  if (wrong >= 0)
    throw new TheoryError(
      `${path}, row ${wrong + 1}: the label is ${labels[wrong]}; labels are whole numbers from 0 (which column holds them? --target)`,
    )
  if (x.length === 0) throw new TheoryError(`${basename(path)} has no samples`)
  return { x, y: Int32Array.from(labels), classes: Math.max(...labels) + 1, shape }
}
