import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NDArray } from '../graph/array.ts'
import { MemorySink, memorySource } from './bytes.ts'
import { CheckpointError } from './error.ts'
import { openSafetensors, type SafetensorsItem, writeSafetensors } from './safetensors.ts'
import type { StoredDtype } from './stored.ts'

const write = async (items: SafetensorsItem[], metadata?: Map<string, string>) => {
  const sink = new MemorySink()
  await writeSafetensors(sink, items, metadata)
  return sink.bytes()
}
const open = (bytes: Uint8Array) => openSafetensors(memorySource(bytes, 'x.safetensors'))
/** A file from a header and data. */
const file = (header: string, data: number, length = new TextEncoder().encode(header).length) => {
  const out = new Uint8Array(8 + new TextEncoder().encode(header).length + data)
  new DataView(out.buffer).setBigUint64(0, BigInt(length), true)
  out.set(new TextEncoder().encode(header), 8)
  return out
}
const f32 = (...v: number[]): NDArray => ({ dtype: 'f32', shape: [v.length], data: Float32Array.from(v) })

test('the bytes of a small file, by hand', async () => {
  const bytes = await write([{ name: 'a', array: f32(1, 2) }], new Map([['k', 'v']]))
  const header = '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
  expect(new TextDecoder().decode(bytes.subarray(8, 8 + header.length))).toBe(header)
  expect(Buffer.from(bytes.subarray(-8)).toString('hex')).toBe('0000803f00000040')
  expect(bytes.length).toBe(8 + Math.ceil(header.length / 8) * 8 + 8)
})

const dtypes: readonly StoredDtype[] = ['f64', 'f32', 'f16', 'bf16', 'i64', 'i32', 'i16', 'i8', 'u8', 'bool']

test('arrays of every type come back', async () => {
  const item = fc
    .tuple(
      fc.constantFrom(...dtypes),
      fc.array(fc.nat(3), { maxLength: 3 }),
      fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 27, maxLength: 27 }),
    )
    .map(([as, shape, pool]): Omit<SafetensorsItem, 'name'> => {
      const values = pool.slice(
        0,
        shape.reduce((a, b) => a * b, 1),
      )
      if (as === 'f64') return { as, array: { dtype: 'f64', shape, data: Float64Array.from(values, v => v / 3) } }
      if (as === 'bool') return { as, array: { dtype: 'bool', shape, data: Uint8Array.from(values, v => v & 1) } }
      if (as.startsWith('i') || as === 'u8') return { as, array: { dtype: 'i64', shape, data: BigInt64Array.from(values, BigInt) } }
      return { as, array: { dtype: 'f32', shape, data: Float32Array.from(values) } }
    })
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string({ unit: 'binary' }), item), async items => {
      const named = Object.entries(items).map(([name, i]) => ({ name, ...i }))
      const back = await open(await write(named))
      expect(back.entries.size).toBe(named.length)
      for (const { name, array, as } of named) {
        expect(back.entries.get(name)!.dtype).toBe(as)
        expect(await back.array(name)).toEqual(array)
      }
    }),
  )
})

test('f16 and bf16 round to the nearest', async () => {
  const back = await open(
    await write([
      { name: 'h', array: f32(0.1, -65504, 1 + 2 ** -11), as: 'f16' },
      { name: 'b', array: f32(0.1, -3, 1 + 2 ** -8), as: 'bf16' },
    ]),
  )
  expect([...(await back.array('h')).data]).toEqual([0.0999755859375, -65504, 1])
  expect([...(await back.array('b')).data]).toEqual([0.10009765625, -3, 1])
})

describe('what the writer refuses, before a byte is written', () => {
  const refused = async (items: SafetensorsItem[]) => {
    const sink = new MemorySink()
    const error = await writeSafetensors(sink, items).catch(e => e)
    expect(error).toBeInstanceOf(CheckpointError)
    expect(sink.bytes().length).toBe(0)
    return error.message as string
  }
  test('names', async () => {
    expect(
      await refused([
        { name: 'a', array: f32(1) },
        { name: 'a', array: f32(2) },
      ]),
    ).toMatch(/Two arrays are called "a"/)
    expect(await refused([{ name: '__metadata__', array: f32(1) }])).toMatch(/cannot be the name/)
  })
  test('types and shapes', async () => {
    expect(await refused([{ name: 'a', array: f32(1), as: 'i64' }])).toMatch(
      /"a" of type f32 cannot be stored as i64: choose f32, f16, bf16/,
    )
    expect(await refused([{ name: 'a', array: { ...f32(1), shape: [2] } }])).toMatch(/shape \[2\] cannot be saved: its data has 1 elements/)
    expect(await refused([{ name: 'a', array: { ...f32(1), dtype: 'f64' } }])).toMatch(/has a Float32Array for data, not a Float64Array/)
  })
  test('numbers that do not fit', async () => {
    await expect(write([{ name: 'a', array: f32(1, 70000), as: 'f16' }])).rejects.toThrow(/element 1 is 70000, and f16 ends at 65504/)
    await expect(write([{ name: 'a', array: { dtype: 'i64', shape: [1], data: BigInt64Array.of(300n) }, as: 'u8' }])).rejects.toThrow(
      /element 0 is 300/,
    )
    await expect(write([{ name: 'a', array: f32(3.4e38), as: 'bf16' }])).rejects.toThrow(/bf16 ends at 3.39e38/)
    const infinite = await open(await write([{ name: 'a', array: f32(Number.POSITIVE_INFINITY), as: 'f16' }]))
    expect((await infinite.array('a')).data[0]).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('what the reader refuses', () => {
  const a = (offsets: string, shape = '[2]', dtype = 'F32') => `"a":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`
  const b = (offsets: string) => `"b":{"dtype":"F32","shape":[2],"data_offsets":${offsets}}`
  test.each([
    ['no file', new Uint8Array(0), /the length of the header should lie at bytes 0 to 8, but there are 0/],
    ['a lying header length', file('{}', 0, 2 ** 40), /should be 1099511627776 bytes long/],
    ['a header beyond the end', file('{}', 0, 50), /the header should lie at bytes 8 to 58, but there are 10/],
    ['a header that is a list', file('[]', 0), /does not begin with "\{"/],
    ['leading space', file(' {}', 0), /does not begin with "\{"/],
    ['doubled names', file(`{${a('[0,8]')},${a('[8,16]')}}`, 16), /the key "a" is given twice/],
    ['overlap', file(`{${a('[0,8]')},${b('[4,12]')}}`, 12), /"b" begins at byte 4, inside/],
    ['a hole', file(`{${a('[0,8]')},${b('[12,20]')}}`, 20), /bytes 8 to 12, before "b", belong to no array/],
    ['a hole at the start', file(`{${a('[4,12]')}}`, 12), /bytes 0 to 4/],
    ['data cut short', file(`{${a('[0,8]')}}`, 7), /take 8 bytes, but 7 are there/],
    ['data too long', file(`{${a('[0,8]')}}`, 9), /the last 1 bytes belong to no array/],
    ['a shape that lies', file(`{${a('[0,8]', '[3]')}}`, 8), /"a" of type F32 and shape \[3\] needs 12 bytes, but has 8/],
    ['a shape beyond all numbers', file(`{${a('[0,8]', '[9007199254740991,9007199254740991]')}}`, 8), /needs 3\.24/],
    ['a negative dim', file(`{${a('[0,8]', '[-2]')}}`, 8), /"a" has no shape of whole numbers/],
    ['a fraction', file(`{${a('[0,8.5]')}}`, 8), /"a" has no data_offsets of whole numbers/],
    ['three offsets', file(`{${a('[0,8,9]')}}`, 8), /no pair of data_offsets/],
    ['offsets turned round', file(`{${a('[8,0]')}}`, 8), /no pair of data_offsets, begin ≤ end/],
    ['an unknown type', file(`{${a('[0,8]', '[2]', 'F8_E5M2')}}`, 8), /the type "F8_E5M2", and only F64/],
    ['a type of the prototype', file(`{${a('[0,8]', '[2]', 'constructor')}}`, 8), /the type "constructor"/],
    ['an unknown key', file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"stride":[1]}}', 4), /unknown key "stride"/],
    ['metadata that is no text', file('{"__metadata__":{"a":1}}', 0), /the metadata "a" is not text/],
    ['text after the header', file('{}x', 0), /more text than one value/],
  ])('%s', async (_, bytes, message) => {
    const error = await open(bytes).catch(e => e)
    expect(error).toBeInstanceOf(CheckpointError)
    expect(error.message).toMatch(message)
    expect(error.message).toMatch(/^x\.safetensors/)
  })

  test('a boolean that is none, and an array that is not there', async () => {
    const bytes = await write([{ name: 't', array: { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) } }])
    bytes[bytes.length - 1] = 7
    await expect((await open(bytes)).array('t')).rejects.toThrow(/array "t": element 1 is 7/)
    await expect((await open(bytes)).array('u')).rejects.toThrow(/no array "u". It has t\./)
  })

  test('header padded with spaces, arrays of no elements, a scalar', async () => {
    const back = await open(
      file('{"e":{"dtype":"F32","shape":[0,5],"data_offsets":[4,4]},"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}   ', 4),
    )
    expect(await back.array('e')).toEqual({ dtype: 'f32', shape: [0, 5], data: new Float32Array(0) })
    expect(await back.array('s')).toEqual({ dtype: 'f32', shape: [], data: new Float32Array(1) })
  })

  test('damage gives CheckpointError or a file', async () => {
    const bytes = await write(
      [
        { name: 'a', array: f32(1, 2, 3) },
        { name: 'b', array: f32(4), as: 'f16' },
      ],
      new Map([['m', 'n']]),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length),
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }),
        async (cut, edits) => {
          const damaged = bytes.slice(0, edits.length ? undefined : cut)
          for (const [at, value] of edits) damaged[at] = value
          try {
            const f = await open(damaged)
            for (const name of f.entries.keys()) await f.array(name)
          } catch (e) {
            expect(e).toBeInstanceOf(CheckpointError)
          }
        },
      ),
      { numRuns: 1000 },
    )
  })
})
