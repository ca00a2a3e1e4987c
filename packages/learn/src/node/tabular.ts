/** Tables from files, and predictions of rows by a model's file alone. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzip } from '@dioramic/codec'
import { loadOnnx } from '@dioramic/tensor/node'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import {
  categoryOf,
  columnOf,
  formatOf,
  type Judged,
  numberOf,
  numbersOfColumn,
  type RawTable,
  readTable,
  TabularError,
  type TabularFile,
  tabularFileOf,
} from '../tabular/index.ts'

/** Reads a table from a .csv, .tsv, .jsonl or .parquet file, also gzipped (.csv.gz). @throws TabularError naming file, row and column */
export async function loadTable(path: string): Promise<RawTable> {
  if (!existsSync(path)) throw new TabularError(`there is no file ${path}`)
  const plain = path.replace(/\.gz$/, '')
  const format = formatOf(plain)
  const bytes = new Uint8Array(readFileSync(path))
  return readTable(plain === path || bytes.length === 0 ? bytes : gunzip(bytes), format, basename(path))
}

/** What a model's file says of rows. */
export interface Predictions {
  readonly file: TabularFile
  /** Numbers of a regression, or the likeliest classes. */
  readonly values: readonly (number | string)[]
  /** Row after row, in the order of the classes; absent for regression. */
  readonly probabilities?: Float64Array
  readonly warnings: readonly string[]
  /** Predictions beside the truth, where the table has the target. */
  readonly judged?: Judged
}

/** Rows of a call. */
const CHUNK = 4096

/** Predicts the rows of a table with a model that `tabular fit` made: its folder, or the .onnx file. @throws TabularError for a column that is missing or does not fit */
export async function predictTable(path: string, table: RawTable): Promise<Predictions> {
  const model = existsSync(join(path, 'model.onnx')) ? join(path, 'model.onnx') : path
  if (!existsSync(model) || !model.endsWith('.onnx'))
    throw new TabularError(`${path} is no model: give a folder of "diorama tabular fit", or the .onnx file in it`)
  const file = tabularFileOf(loadOnnx(model), model)
  const missing = [...file.numbers, ...file.categories].filter(c => !table.names.includes(c.name)).map(c => `"${c.name}"`)
  if (missing.length > 1)
    throw new TabularError(`${table.source} lacks ${missing.length} columns that the model was trained with: ${missing.join(', ')}`)
  const warnings: string[] = []
  const numbers = file.numbers.map(({ name, gaps }) => {
    const values = numbersOfColumn(table, name)
    const empty = values.reduce((n, v) => n + Number(Number.isNaN(v)), 0)
    if (empty > 0 && !gaps) warnings.push(`"${name}" is empty in ${empty} rows, and was in no training row: its median stands in`)
    return values
  })
  const categories = file.categories.map(({ name, values }) => {
    const fields = columnOf(table, name).map(categoryOf)
    const known = new Set(values)
    const strange = fields.filter(f => !known.has(f))
    if (strange.length > 0) {
      const some = [...new Set(strange)].slice(0, 3).map(f => JSON.stringify(f))
      warnings.push(
        `"${name}" has values that the model does not know in ${strange.length} rows (${some.join(', ')}): they count as none of the known`,
      )
    }
    return fields
  })
  const session = await InferenceSession.create(model, { logSeverityLevel: 3, intraOpNumThreads: 1 })
  const values: (number | string)[] = []
  const classes = file.classes?.length ?? 0
  const probabilities = new Float64Array(table.rows * classes)
  try {
    for (let i = 0; i < table.rows; i += CHUNK) {
      const rows = Math.min(CHUNK, table.rows - i)
      const feeds = Object.fromEntries([
        ...numbers.map(
          (v, k) => [file.numbers[k]!.name, new Tensor('float32', Float32Array.from(v.subarray(i, i + rows)), [rows, 1])] as const,
        ),
        ...categories.map((v, k) => [file.categories[k]!.name, new Tensor('string', v.slice(i, i + rows), [rows, 1])] as const),
      ])
      const out = await session.run(feeds)
      if (classes > 0) {
        values.push(...(out['label']!.data as string[]))
        probabilities.set(Float64Array.from(out['probabilities']!.data as Float32Array), i * classes)
      } else values.push(...(out['prediction']!.data as Float32Array))
    }
  } finally {
    await session.release()
  }
  return { file, values, ...(classes > 0 ? { probabilities } : {}), warnings, ...judgedBy(table, file, values, probabilities) }
}

/** The truth beside predictions, where every row has one that the model knows. */
function judgedBy(
  table: RawTable,
  file: TabularFile,
  values: readonly (number | string)[],
  probabilities: Float64Array,
): { readonly judged?: Judged } {
  if (!table.names.includes(file.target)) return {}
  const cells = columnOf(table, file.target)
  const { classes } = file
  const y = Float64Array.from(cells, c => (classes ? classes.indexOf(categoryOf(c)) : (numberOf(c) ?? Number.NaN)))
  if (y.some(v => !Number.isFinite(v) || (classes && v < 0))) return {}
  return {
    judged: classes
      ? { outputs: { kind: 'classes', classes: classes.length }, predictions: probabilities, y }
      : { outputs: { kind: 'regression' }, predictions: Float64Array.from(values as number[]), y },
  }
}
