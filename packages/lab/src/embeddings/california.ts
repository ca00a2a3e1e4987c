/** California housing with the split of Gorishniy et al. (2022): the rows that scikit-learn's train_test_split gives, features to a standard normal, the target standardised. */
import { columnsOf, momentsOf, quantileScaling, type Rows, scaled } from '@dioramic/learn/tabular'
import { compile, f32, type Key, numbersOf, readCsv, type Tensor } from '@dioramic/tensor'
import { runtime } from './engine.ts'
import { sklearnSplit } from './numpy-random.ts'

/** The file's name. */
export const CALIFORNIA = 'california_housing.csv'

export interface SplitTable {
  /** Scaled numbers of each part; `y` of train and validation is standardised, of the test part raw. */
  readonly train: Rows
  readonly validation: Rows
  readonly test: Rows
  readonly mean: number
  readonly deviation: number
}

/** Indices of the paper's parts: 13,209, 3,303 and 4,128 rows. */
export function paperSplit(n: number): { readonly train: Uint32Array; readonly validation: Uint32Array; readonly test: Uint32Array } {
  const outer = sklearnSplit(n, Math.ceil(0.2 * n), 0)
  const inner = sklearnSplit(outer.rest.length, Math.ceil(0.2 * outer.rest.length), 1)
  const of = (places: Uint32Array) => Uint32Array.from(places, i => outer.rest[i]!)
  return { train: of(inner.rest), validation: of(inner.test), test: outer.test }
}

/** The test rows' targets. */
export function testTruth(text: string): number[] {
  const csv = readCsv(text)
  return Array.from(paperSplit(csv.rows.length).test, i => Number(csv.rows[i]!.at(-1)))
}

/** Reads the table: 8 features and the target `MedHouseVal`, in scikit-learn's order of rows. */
export async function california(text: string, scaling: 'quantile' | 'none', key: Key): Promise<SplitTable> {
  const csv = readCsv(text)
  const width = csv.columns.length - 1
  const cells = csv.rows.map(r => r.map(Number))
  const parts = paperSplit(cells.length)
  const raw = (rows: Uint32Array) => ({
    x: Float32Array.from({ length: rows.length * width }, (_, i) => cells[rows[Math.floor(i / width)]!]![i % width]!),
    y: Float64Array.from(rows, i => cells[i]![width]!),
    width,
  })
  const [train, validation, test] = [raw(parts.train), raw(parts.validation), raw(parts.test)]
  const { mean, deviation } = momentsOf(train.y)
  const scalings = columnsOf(train, width).map((c, k) => quantileScaling(c, undefined, key.fork('noise').fork(k)))
  const f = compile((x: Tensor) => scaled(x, scalings), runtime)
  const scale = async (x: Float32Array) =>
    scaling === 'none' ? x : Float32Array.from(numbersOf(await f(f32(x, [x.length / width, width]))))
  const standard = (y: Float64Array) => y.map(v => (v - mean) / deviation)
  return {
    train: { ...train, x: await scale(train.x), y: standard(train.y) },
    validation: { ...validation, x: await scale(validation.x), y: standard(validation.y) },
    test: { ...test, x: await scale(test.x) },
    mean,
    deviation,
  }
}
