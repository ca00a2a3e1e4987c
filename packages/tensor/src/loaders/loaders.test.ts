import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bool, f32, i64, numbersOf } from '../graph/array.ts'
import { Key } from '../random/key.ts'
import {
  allWindows,
  batches,
  encodeTable,
  fitTable,
  gunzip,
  imagesOf,
  jitter,
  mapBatches,
  randomWindows,
  readCsv,
  readNpy,
  sampleBatches,
  vocabulary,
} from './index.ts'

const key = Key.fromSeed(2)
const rows = (n: number) =>
  f32(
    Array.from({ length: n * 2 }, (_, i) => i),
    [n, 2],
  )

describe('batches', () => {
  it('an epoch has each row once; epochs differ; the same place is the same batch', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 12 }), async (n, size) => {
        const of = batches({ x: rows(n) }, { size, key, last: 'pad' })
        const seen: number[] = []
        for (let i = 0; i < of.perEpoch; i++) {
          const { x, mask } = await of.at(3, i)
          expect(x.shape).toEqual([size, 2])
          numbersOf(x).forEach((v, k) => {
            if (k % 2 === 0 && mask!.data[k / 2]) seen.push(v / 2)
          })
          expect(await of.at(3, i)).toEqual({ x, mask })
        }
        expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i))
      }),
    )
    const of = batches({ x: rows(100) }, { size: 100, key })
    expect(await of.at(0, 0)).not.toEqual(await of.at(1, 0))
  })
  it('pads with the last row and a mask, or drops', async () => {
    const of = batches({ x: rows(5) }, { size: 3 })
    expect(of.perEpoch).toBe(2)
    expect(await of.at(0, 1)).toEqual({
      x: f32([
        [6, 7],
        [8, 9],
        [8, 9],
      ]),
      mask: bool([true, true, false]),
    })
    expect(batches({ x: rows(5) }, { size: 3, key }).perEpoch).toBe(1)
    expect(() => batches({ x: rows(2) }, { size: 3, key })).toThrow(/2 rows make no batch of 3/)
    expect(() => batches({ x: rows(2), y: rows(3) }, { size: 1 })).toThrow(/"y" has 3 rows/)
  })
  it('samples that are read one by one are stacked, each read once', async () => {
    const reads: number[] = []
    const of = sampleBatches(
      {
        length: 4,
        get: async i => {
          reads.push(i)
          return { a: f32([i]), n: i64([i]) }
        },
      },
      { size: 3 },
    )
    expect(await of.at(0, 1)).toEqual({ a: f32([[3], [3], [3]]), n: i64([[3], [3], [3]]), mask: bool([true, false, false]) })
    expect(reads).toEqual([3])
    const odd = sampleBatches({ length: 2, get: i => ({ a: i === 0 ? f32([1]) : f32([1, 2]) }) }, { size: 2 })
    await expect(odd.at(0, 0)).rejects.toThrow(/bring all to one shape/)
  })
  it('mapBatches gives each batch its own key', async () => {
    const of = mapBatches(batches({ x: rows(4) }, { size: 2 }), key, (_b, k) => k.words)
    expect(await of.at(0, 0)).not.toEqual(await of.at(0, 1))
    expect(await of.at(1, 0)).toEqual(await of.at(1, 0))
  })
})

describe('text', () => {
  it('a vocabulary goes there and back', () => {
    const v = vocabulary('hällo 🌍')
    expect(v.decode(v.encode('🌍 höhe'.replace('ö', 'ä').replace('e', 'l')))).toBe('🌍 hählo'.replace('o', ''))
    expect(v.characters[0]).toBe(' ')
    expect(() => v.encode('z')).toThrow(/"z" is not in the vocabulary/)
  })
  it('y is x moved on by one, everywhere', async () => {
    const tokens = i64(Array.from({ length: 50 }, (_, i) => i))
    const of = randomWindows(tokens, { batch: 4, time: 7, key })
    const { x, y } = await of.at(2, 0)
    expect(x.shape).toEqual([4, 7])
    x.data.forEach((v: number | bigint, i: number) => {
      expect(y.data[i]).toBe(BigInt(v) + 1n)
    })
    const starts = new Set<number>()
    for (let e = 0; e < 200; e++) for (const r of [0, 1, 2, 3]) starts.add(Number((await of.at(e, 0)).x.data[r * 7]))
    expect(Math.min(...starts)).toBe(0)
    expect(Math.max(...starts)).toBe(42)
  })
  it('all windows cover the text once', async () => {
    const of = allWindows(i64(Array.from({ length: 23 }, (_, i) => i)), { batch: 4, time: 3 })
    expect(of.perEpoch).toBe(2)
    expect([...numbersOf((await of.at(0, 1)).x)].slice(0, 9)).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20])
    expect((await of.at(0, 1)).mask).toEqual(bool([true, true, true, false]))
  })
})

describe('tables', () => {
  it('reads CSV with quotes, gaps and either line end', () => {
    expect(readCsv('a,b\r\n"x, ""y""\n",\n\n1,2')).toEqual({
      columns: ['a', 'b'],
      rows: [
        ['x, "y"\n', ''],
        ['1', '2'],
      ],
    })
    expect(() => readCsv('a,b\n1')).toThrow(/row 2 has 1 fields, the header 2/)
    expect(() => readCsv('a\n"x')).toThrow(/never closed/)
  })
  it('writes and reads back any fields', () => {
    const field = fc.string({ maxLength: 6 })
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 5 }), table => {
        const text = `a,b\n${table.map(r => r.map(f => `"${f.replaceAll('"', '""')}"`).join(',')).join('\n')}\n`
        expect(readCsv(text).rows).toEqual(table)
      }),
    )
  })
  it('standardises numbers by the fitted rows, numbers categories and marks gaps', () => {
    const train = readCsv('n,c,y\n1,red,yes\n3,blue,no\n,red,yes')
    const code = fitTable(train, { target: 'y' })
    const a = encodeTable(train, code)
    expect([...a.numeric.data]).toEqual([-1, 1, 0])
    expect([...a.missing.data]).toEqual([0, 0, 1])
    expect([...a.categorical.data]).toEqual([2n, 1n, 2n])
    expect([...a.y.data]).toEqual([1n, 0n, 1n])
    const b = encodeTable(readCsv('y,c,n\nno,green,5'), JSON.parse(JSON.stringify(code)))
    expect([[...b.numeric.data], [...b.categorical.data]]).toEqual([[3], [0n]])
    expect(() => encodeTable(readCsv('y,c,n\nmaybe,red,5'), code)).toThrow(/class that it was not fitted with/)
    expect(() => encodeTable(readCsv('y,c,n\nno,red,five'), code)).toThrow(/"five" in the column "n"/)
  })
})

describe('arrays from files', () => {
  const npy = (header: string, data: Uint8Array, version = 1): Uint8Array => {
    const text = new TextEncoder().encode(header)
    return Uint8Array.of(
      0x93,
      ...new TextEncoder().encode('NUMPY'),
      version,
      0,
      text.length,
      0,
      ...(version > 1 ? [0, 0] : []),
      ...text,
      ...data,
    )
  }
  it('reads npy in both orders and several types', () => {
    const data = new Uint8Array(Float64Array.of(1, 2, 3, 4, 5, 6).buffer)
    expect(readNpy(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", data))).toEqual(
      f32([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    )
    expect(readNpy(npy("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }", data, 2))).toEqual(
      f32([
        [1, 3, 5],
        [2, 4, 6],
      ]),
    )
    expect(readNpy(npy("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", Uint8Array.of(1, 2, 255)))).toEqual(i64([1, 2, 255]))
    expect(readNpy(npy("{'descr': '<f2', 'fortran_order': False, 'shape': (), }", Uint8Array.of(0, 0x3e)))).toEqual(f32(1.5))
  })
  it('says what is wrong with a file', () => {
    expect(() => readNpy(new Uint8Array(20))).toThrow(/no .npy file/)
    expect(() => readNpy(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", new Uint8Array(8)))).toThrow(
      /8 bytes of data, \[3\] of <f4 needs 12/,
    )
    expect(() => readNpy(npy("{'descr': '<c8', 'fortran_order': False, 'shape': (3,), }", new Uint8Array(8)))).toThrow(/holds <c8/)
  })
  it('gunzips', async () => {
    const stream = new Blob(['hello']).stream().pipeThrough(new CompressionStream('gzip'))
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
    expect(new TextDecoder().decode(await gunzip(bytes))).toBe('hello')
    await expect(gunzip(bytes.slice(0, 12))).rejects.toThrow(/cut short/)
  })
  it('pictures become [N, C, H, W], and jitter moves them whole', () => {
    expect(
      imagesOf(
        i64([
          [
            [
              [0, 255],
              [51, 0],
            ],
          ],
        ]),
        { divide: 255 },
      ),
    ).toEqual({ ...f32([[[[0, 0.2]], [[1, 0]]]]) })
    const dot = f32([
      [
        [
          [0, 0, 0],
          [0, 1, 0],
          [0, 0, 0],
        ],
      ],
    ])
    const places = new Set<number>()
    for (let s = 0; s < 60; s++) {
      const moved = jitter(dot, Key.fromSeed(s), { shift: 1 })
      expect(numbersOf(moved).reduce((a, b) => a + b, 0)).toBe(1)
      places.add(numbersOf(moved).indexOf(1))
    }
    expect(places.size).toBe(9)
  })
})
