/** Rows to learn from, to stop by, and to judge with. */
import { drawPermutation, type Key } from '@dioramic/tensor'
import { TabularError } from './error.ts'
import type { Cell } from './table.ts'
import type { Target } from './target.ts'

export interface Split {
  readonly train: Uint32Array
  readonly validation: Uint32Array
  readonly test: Uint32Array
}

/** Shares of validation and test rows; the rest trains. */
export interface Shares {
  readonly validation: number
  readonly test: number
}

/** The paper's: 64 %, 16 %, 20 %. */
export const SHARES: Shares = { validation: 0.16, test: 0.2 }

/** A random split; of classes each part gets its share of each (stratified), and what is too few to share trains. */
export function randomSplit(target: Target, { validation, test }: Shares, key: Key): Split {
  if (!(validation > 0 && test > 0 && validation + test < 0.9))
    throw new TabularError(
      `shares of ${validation} for validation and ${test} for the test: each is above 0, and together they leave a tenth to train on`,
    )
  const groups =
    target.kind === 'classes' ? target.classes.map((_, k) => rowsWhere(target.y, v => v === k)) : [Uint32Array.from(target.y, (_, i) => i)]
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] }
  groups.forEach((rows, g) => {
    const order = Array.from(drawPermutation(key.fork(g).words, rows.length), i => rows[i]!)
    const [a, b] = [Math.round(test * rows.length), Math.round((test + validation) * rows.length)]
    parts.test.push(...order.slice(0, a))
    parts.validation.push(...order.slice(a, b))
    parts.train.push(...order.slice(b))
  })
  return checked(sorted(parts))
}

const WORDS: Readonly<Record<string, keyof Split>> = {
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  test: 'test',
}

/** The split that a column of words says: train, validation (or valid, val) and test. */
export function givenSplit(cells: readonly Cell[], name: string): Split {
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] }
  cells.forEach((c, i) => {
    const part = WORDS[String(c).trim().toLowerCase()]
    if (!part) throw new TabularError(`row ${i + 1}: the split "${name}" says ${JSON.stringify(c)}; it says train, validation or test`)
    parts[part].push(i)
  })
  return checked(sorted(parts))
}

const rowsWhere = (y: Float64Array, f: (v: number) => boolean): Uint32Array =>
  Uint32Array.from(Array.from(y, (v, i) => (f(v) ? i : -1)).filter(i => i >= 0))

const sorted = (p: { readonly [K in keyof Split]: readonly number[] }): Split => ({
  train: Uint32Array.from(p.train).sort(),
  validation: Uint32Array.from(p.validation).sort(),
  test: Uint32Array.from(p.test).sort(),
})

function checked(s: Split): Split {
  const least = { train: 20, validation: 5, test: 5 }
  for (const part of ['train', 'validation', 'test'] as const)
    if (s[part].length < least[part])
      throw new TabularError(
        `${s[part].length} rows for ${part === 'train' ? 'training' : part}: at least ${least[part]} are needed; give more rows, or other shares (--shares)`,
      )
  return s
}
