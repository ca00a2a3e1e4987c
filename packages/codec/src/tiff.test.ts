import { expect, test } from 'vitest'
import { deflate } from './deflate.ts'
import { noise, survives } from './survives.test-kit.ts'
import { decodeTiff, encodeTiff } from './tiff.ts'

const random = noise(7)
const picture = { width: 7, height: 5, data: Float32Array.from({ length: 35 }, () => 1e4 * (random() - 0.5)) }

test('floats come back as they were, infinities too', () => {
  expect(decodeTiff(encodeTiff(picture))).toEqual(picture)
  const odd = { width: 2, height: 2, data: Float32Array.of(Infinity, -0, 1e-40, -3.4e38) }
  expect(decodeTiff(encodeTiff(odd))).toEqual(odd)
})

/** A file of the other byte order, three strips, deflated: what is not ours to write. */
function bigEndian(): Uint8Array {
  const strips = [0, 2, 4].map(row => {
    const rows = Math.min(2, 5 - row)
    const raw = new DataView(new ArrayBuffer(4 * 7 * rows))
    for (let i = 0; i < 7 * rows; i++) raw.setFloat32(4 * i, picture.data[7 * row + i]!)
    return deflate(new Uint8Array(raw.buffer))
  })
  const fields = [
    [256, 3, [7]],
    [257, 3, [5]],
    [258, 3, [32]],
    [259, 3, [8]],
    [273, 4, [0, 0, 0]],
    [277, 3, [1]],
    [278, 3, [2]],
    [279, 4, strips.map(s => s.length)],
    [339, 3, [3]],
  ] as [number, number, number[]][]
  const tables = 8 + 2 + 12 * fields.length + 4
  const start = tables + 24
  fields[4]![2] = strips.map((_, i) => start + strips.slice(0, i).reduce((n, s) => n + s.length, 0))
  const out = new DataView(new ArrayBuffer(start + strips.reduce((n, s) => n + s.length, 0)))
  const bytes = new Uint8Array(out.buffer)
  bytes.set([0x4d, 0x4d, 0, 42, 0, 0, 0, 8])
  out.setUint16(8, fields.length)
  let more = tables
  fields.forEach(([tag, type, values], i) => {
    const at = 10 + 12 * i
    out.setUint16(at, tag)
    out.setUint16(at + 2, type)
    out.setUint32(at + 4, values.length)
    if (values.length > 1) {
      out.setUint32(at + 8, more)
      for (const v of values) {
        out.setUint32(more, v)
        more += 4
      }
    } else if (type === 3) out.setUint16(at + 8, values[0]!)
    else out.setUint32(at + 8, values[0]!)
  })
  let at = start
  for (const s of strips) {
    bytes.set(s, at)
    at += s.length
  }
  return bytes
}

test('big-endian, in strips, deflated', () => {
  expect(decodeTiff(bigEndian())).toEqual(picture)
})

test('errors say what is wrong', () => {
  expect(() => encodeTiff({ ...picture, width: 6 })).toThrow('6×5 needs 30 values, there are 35')
  expect(() => decodeTiff(Uint8Array.of(1, 2, 3, 4))).toThrow('not a TIFF')
  const bytes = encodeTiff(picture)
  expect(() => decodeTiff(bytes.subarray(0, bytes.length - 1))).toThrow('ends in the middle of strip 0')
  const integers = bytes.slice()
  integers[10 + 12 * 9 + 8] = 1
  expect(() => decodeTiff(integers)).toThrow('1 channels of 32 bits (sample format 1)')
})

test('damaged files give a value or an error', () => {
  survives(encodeTiff(picture), decodeTiff)
  survives(bigEndian(), decodeTiff)
})
