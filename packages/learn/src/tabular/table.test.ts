import { Key } from '@dioramic/tensor'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, test } from 'vitest'
import {
  areaUnderCurve,
  formatOf,
  givenSplit,
  leaks,
  metricsOf,
  orderBy,
  randomSplit,
  rawTable,
  readTable,
  targetOf,
  typedColumns,
} from './index.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const csv = (text: string) => readTable(bytes(text), 'csv', 't.csv')
const key = Key.fromSeed(20261124)

describe('reading', () => {
  test('CSV, JSON lines and Parquet of the same rows are the same table', async () => {
    const want = { names: ['a', 'b', 'c'], a: [1, null, 3], b: ['x', 'y, z', ''], c: [true, false, true] }
    const fromCsv = await csv('\uFEFFa,b,c\r\n1,x,true\r\n,"y, z",false\r\n3,,true\r\n')
    const lines = [0, 1, 2].map(i => JSON.stringify({ a: want.a[i], b: want.b[i], c: want.c[i] })).join('\n')
    const fromJson = await readTable(bytes(lines), 'jsonl', 't.jsonl')
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'a', data: want.a, type: 'DOUBLE' },
        { name: 'b', data: want.b, type: 'STRING' },
        { name: 'c', data: want.c, type: 'BOOLEAN' },
      ],
    })
    const fromParquet = await readTable(new Uint8Array(buffer), 'parquet', 't.parquet')
    const columns = (t: Awaited<ReturnType<typeof csv>>) => typedColumns(t, [], {}).columns
    expect(columns(fromCsv)).toEqual([
      { kind: 'number', name: 'a', values: Float64Array.of(1, Number.NaN, 3) },
      { kind: 'category', name: 'b', values: ['x', 'y, z', ''] },
      { kind: 'category', name: 'c', values: ['true', 'false', 'true'] },
    ])
    expect(columns(fromJson)).toEqual(columns(fromCsv))
    expect(columns(fromParquet)).toEqual(columns(fromCsv))
    expect((await readTable(bytes('a\tb\n1\t2\n'), 'csv', 't.tsv')).names).toEqual(['a', 'b'])
  })

  test('what cannot be read says where', async () => {
    const wrong = (text: string, message: string) => expect(csv(text)).rejects.toThrow(message)
    await wrong('', 't.csv is empty')
    await wrong('a,b\n', 'has names of columns (a, b) but no rows')
    await wrong('a,b,a\n1,2,3\n', 'two columns called "a" (column 1 and column 3)')
    await wrong('a,,c\n1,2,3\n', 'column 2 of t.csv has no name')
    await wrong('a,b\n1,2\n3\n', 't.csv, row 2: 1 fields, but the first row names 2 columns')
    await wrong('a,b\n"1,2\n3,4\n', 'quote')
    await expect(readTable(bytes('{"a":1}\n{a}\n'), 'jsonl', 't.jsonl')).rejects.toThrow('t.jsonl, line 2 is no JSON')
    await expect(readTable(bytes('1\n'), 'jsonl', 't.jsonl')).rejects.toThrow('line 1 is no object')
    await expect(readTable(bytes('[{"a":1}, 2]'), 'jsonl', 't.json')).rejects.toThrow('entry 2 is no object')
    expect(await readTable(bytes('[{"a":1}]'), formatOf('t.json'), 't.json')).toMatchObject({ names: ['a'], columns: [[1]] })
    await expect(readTable(bytes('{"a":[1]}\n'), 'jsonl', 't.jsonl')).rejects.toThrow('row 1, column "a" holds a list')
    await expect(readTable(bytes('PAR1 no'), 'parquet', 't.parquet')).rejects.toThrow('cannot be read as Parquet')
    expect(() => formatOf('t.xlsx')).toThrow('.csv, .tsv, .jsonl')
  })
})

describe('columns', () => {
  test('what is of no use is left out and said; types are as told', async () => {
    const rows = Array.from(
      { length: 120 },
      (_, i) => `${i + 7},${i % 2 ? 'k' : 'k'},,name ${i},${i % 3},${i === 5 ? 'n.a.' : i / 2},${i % 2 ? 'yes' : 'no'}`,
    )
    const table = await csv(`id,same,empty,name,level,odd,flag\n${rows.join('\n')}\n`)
    const found = typedColumns(table, [], { categories: ['level'] })
    expect(found.columns.map(c => [c.name, c.kind])).toEqual([
      ['level', 'category'],
      ['flag', 'category'],
    ])
    const said = found.warnings.join('\n')
    for (const words of [
      '"id" counts the rows',
      '"same" is "k" in every row',
      '"empty" is empty in every row',
      '"name" has 120 different texts',
      '1 of its 120 fields are no numbers ("n.a.")',
    ])
      expect(said).toContain(words)
    expect(typedColumns(table, [], { numbers: ['id'], categories: ['name'], ignore: ['odd'] }).columns.map(c => c.name)).toEqual([
      'id',
      'name',
      'level',
      'flag',
    ])
    expect(() => typedColumns(table, [], { numbers: ['odd'] })).toThrow('row 6, column "odd": "n.a." is not a number')
    expect(() => typedColumns(table, [], { numbers: ['Level'] })).toThrow('did you mean "level"?')
    expect(() => typedColumns(table, [], { numbers: ['level'], categories: ['level'] })).toThrow('one of them')
    expect(() => typedColumns(table, ['level', 'flag', 'odd'], {})).toThrow('no column to learn from')
    expect(() => typedColumns(rawTable('t', ['a'], [[1, Infinity]]), [], {})).toThrow('row 2, column "a" is infinite')
    expect(() => typedColumns(rawTable('t', ['a'], [['1', '-inf']]), [], {})).toThrow('row 2, column "a" is infinite')
  })

  test('targets: numbers, classes, and what is none', () => {
    const of = (values: readonly (string | number | null)[], task?: 'regression') => targetOf(rawTable('t', ['y'], [values]), 'y', task)
    expect(of([0.5, 1, 2]).target.kind).toBe('regression')
    expect(of([1, 0, 1, null])).toMatchObject({
      rows: [0, 1, 2],
      target: { kind: 'classes', classes: ['0', '1'], y: Float64Array.of(1, 0, 1) },
    })
    expect(of([1, 0, 1, null]).warnings[0]).toBe('1 of 4 rows have no target "y": left out')
    expect(of([1, 0, 1], 'regression').target.kind).toBe('regression')
    expect(of([10, 9, 'a', 9]).target).toMatchObject({ classes: ['9', '10', 'a'] })
    // Among words NA is a class, among numbers a gap.
    expect(of(['NA', 'EU', '']).target).toMatchObject({ classes: ['EU', 'NA'] })
    expect(of(['NA', '1', '0']).target).toMatchObject({ classes: ['0', '1'] })
    expect(() => of(['a', 'a'])).toThrow('"a" in every row: there is nothing to learn')
    expect(() => of([null, ''])).toThrow('empty in every row')
    expect(() => of(['a', '1'], 'regression')).toThrow('row 1, column "y": "a" is not a number')
    expect(() => of(Array.from({ length: 40 }, (_, i) => `name ${i}`))).toThrow('40 classes in 40 rows')
    expect(() => targetOf(rawTable('t', ['y'], [[1]]), 'z')).toThrow('t has no column "z"')
  })
})

describe('splits', () => {
  test('rows are drawn once each, and classes by their shares', () => {
    const y = Float64Array.from({ length: 500 }, (_, i) => Number(i % 10 === 0))
    const target = { kind: 'classes', name: 'y', classes: ['0', '1'], y } as const
    const s = randomSplit(target, { validation: 0.2, test: 0.3 }, key)
    expect([...s.train, ...s.validation, ...s.test].sort((a, b) => a - b)).toEqual(Array.from(y, (_, i) => i))
    const rare = (rows: Uint32Array) => rows.reduce((n, i) => n + y[i]!, 0)
    expect([rare(s.train), rare(s.validation), rare(s.test)]).toEqual([25, 10, 15])
    expect(randomSplit(target, { validation: 0.2, test: 0.3 }, key)).toEqual(s)
    expect(() => randomSplit(target, { validation: 0.5, test: 0.5 }, key)).toThrow('leave a tenth')
    expect(() => randomSplit({ ...target, y: y.slice(0, 20) }, { validation: 0.2, test: 0.3 }, key)).toThrow('at least 20 are needed')
  })

  test('a column may say the split', () => {
    const words = Array.from({ length: 40 }, (_, i) => (i < 25 ? 'train' : i < 32 ? 'Val' : 'test'))
    expect(givenSplit(words, 'part').validation).toEqual(Uint32Array.from([25, 26, 27, 28, 29, 30, 31]))
    expect(() => givenSplit([...words, 'holdout'], 'part')).toThrow('row 41: the split "part" says "holdout"')
  })
})

test('a column that holds the answer is told from one that only helps', () => {
  const n = 600
  const a = Float64Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898) * 3)
  const y = a.map((v, i) => 2 * v + Math.cos(i * 78.233))
  const split = {
    train: Uint32Array.from({ length: 400 }, (_, i) => i),
    validation: Uint32Array.from({ length: 100 }, (_, i) => 400 + i),
    test: Uint32Array.from({ length: 100 }, (_, i) => 500 + i),
  }
  const columns = [
    { kind: 'number', name: 'helps', values: a },
    { kind: 'number', name: 'answer', values: y.map(v => 5 - v) },
  ] as const
  expect(leaks(columns, { kind: 'regression', name: 'y', y }, split)).toEqual([
    expect.stringContaining('"answer" alone predicts "y" almost perfectly'),
  ])
  const classes = y.map(v => Number(v > 0))
  const words = [...classes].map(v => (v ? 'late' : 'early'))
  const target = { kind: 'classes', name: 'y', classes: ['0', '1'], y: classes } as const
  expect(leaks([{ kind: 'category', name: 'word', values: words }, columns[0]], target, split)).toHaveLength(1)
})

test('metrics, by hand, inside their intervals', () => {
  const auc = (scores: readonly number[], y: readonly number[], weight: readonly number[]) =>
    areaUnderCurve(
      i => scores[i]!,
      Float64Array.from(y),
      weight,
      orderBy(y.length, i => scores[i]!),
    )
  expect(auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], [1, 1, 1, 1])).toBe(0.75)
  expect(auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], [1, 0, 2, 1])).toBe(1)
  expect(auc([1, 1, 1, 1], [0, 1, 0, 1], [1, 1, 1, 1])).toBe(0.5)
  const [rmse, mae, r2] = metricsOf(
    { outputs: { kind: 'regression' }, predictions: Float64Array.of(1, 2, 3, 5), y: Float64Array.of(1, 2, 3, 4) },
    key,
  )
  expect([rmse!.value, mae!.value, r2!.value]).toEqual([0.5, 0.25, 1 - 0.25 / 1.25])
  expect(rmse!.interval[0]).toBeLessThanOrEqual(0.5)
  expect(rmse!.interval[1]).toBeGreaterThan(0.5)
  const found = metricsOf(
    { outputs: { kind: 'classes', classes: 2 }, predictions: Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.8, 0.2), y: Float64Array.of(0, 1, 1) },
    key,
  )
  expect(found.map(m => m.name)).toEqual(['accuracy', 'log loss', 'AUC'])
  expect(found[0]!.value).toBeCloseTo(2 / 3, 12)
  expect(found[1]!.value).toBeCloseTo(-(Math.log(0.9) + Math.log(0.6) + Math.log(0.2)) / 3, 12)
})
