import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeNpy, encodeNpy, type NpyArray } from './npy.ts'
import { decodeNpz, encodeNpz } from './npz.ts'
import { survives } from './survives.test-kit.ts'

const arrays: fc.Arbitrary<NpyArray> = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map(data => ({ dtype: 'u1' as const, shape: [data.length], data })),
  fc.uint16Array({ maxLength: 40 }).map(data => ({ dtype: 'u2' as const, shape: [1, data.length], data })),
  fc.uint32Array({ maxLength: 40 }).map(data => ({ dtype: 'u4' as const, shape: [data.length, 1, 1], data })),
  fc.int8Array({ maxLength: 40 }).map(data => ({ dtype: 'i1' as const, shape: [data.length], data })),
  fc.int16Array({ maxLength: 40 }).map(data => ({ dtype: 'i2' as const, shape: [data.length], data })),
  fc.int32Array({ maxLength: 40 }).map(data => ({ dtype: 'i4' as const, shape: [data.length], data })),
  fc.bigInt64Array({ maxLength: 40 }).map(data => ({ dtype: 'i8' as const, shape: [data.length], data })),
  fc.float32Array({ minLength: 6, maxLength: 6 }).map(data => ({ dtype: 'f4' as const, shape: [2, 3], data })),
  fc.float64Array({ minLength: 1, maxLength: 1 }).map(data => ({ dtype: 'f8' as const, shape: [], data })),
  fc.array(fc.boolean(), { maxLength: 9 }).map(b => ({ dtype: 'bool' as const, shape: [b.length], data: Uint8Array.from(b, Number) })),
)

test('arrays come back as they went', () => {
  fc.assert(
    fc.property(arrays, array => {
      expect(decodeNpy(encodeNpy(array))).toEqual(array)
    }),
  )
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), arrays), record => {
      expect(decodeNpz(encodeNpz(record))).toEqual({ ...record })
    }),
  )
})

test('a Buffer inside another is read as any bytes', () => {
  const array = { dtype: 'f8' as const, shape: [3], data: Float64Array.of(1, 2, 3) }
  const pool = Buffer.concat([Buffer.from('xyz'), encodeNpz({ a: array }), encodeNpy(array)])
  const size = encodeNpz({ a: array }).length
  expect(decodeNpz(pool.subarray(3, 3 + size))).toEqual({ a: array })
  expect(decodeNpy(pool.subarray(3 + size))).toEqual(array)
})

test('the header is the one numpy writes', () => {
  const bytes = encodeNpy({ shape: [2, 1], data: Uint16Array.of(0x0102, 0x0304) })
  const head = `\x93NUMPY\x01\x00\x76\x00{'descr': '<u2', 'fortran_order': False, 'shape': (2, 1), }`
  expect(String.fromCharCode(...bytes)).toBe(`${head.padEnd(127)}\n\x02\x01\x04\x03`)
})

test('column order and big-endian bytes are turned into ours', () => {
  const text = `{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }\n`
  const bytes = Uint8Array.from([
    0x93,
    ...[...`NUMPY`].map(c => c.charCodeAt(0)),
    1,
    0,
    text.length,
    0,
    ...[...text].map(c => c.charCodeAt(0)),
    0,
    1,
    0,
    4,
    0,
    2,
    0,
    5,
    0,
    3,
    0,
    6,
  ])
  expect(decodeNpy(bytes)).toEqual({ dtype: 'i2', shape: [2, 3], data: Int16Array.of(1, 2, 3, 4, 5, 6) })
})

test('what does not fit is refused in words', () => {
  expect(() => encodeNpy({ shape: [3], data: new Uint8Array(2) })).toThrow('shape (3) needs 3 elements, there are 2')
  expect(() => encodeNpy({ dtype: 'f4', shape: [2], data: new Uint8Array(2) })).toThrow('dtype f4 does not fit Uint8Array')
  const short = encodeNpy({ shape: [4], data: new Float32Array(4) })
  expect(() => decodeNpy(short.subarray(0, -1))).toThrow(
    'NPY ends in the middle of the data of shape (4): 16 bytes wanted, 15 left (at byte 128)',
  )
})

test('no corruption escapes as another error', () => {
  survives(encodeNpy({ shape: [2, 3], data: new Float32Array(6) }), decodeNpy)
  survives(encodeNpz({ a: { shape: [50], data: new Int32Array(50).map((_, i) => i * i) } }), decodeNpz)
})
