import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32 } from '../checksum.ts'
import { deflate, inflate } from '../deflate.ts'
import { noise, survives } from '../survives.test-kit.ts'
import { decodePng } from './decode.ts'
import { encodePng } from './encode.ts'
import type { PngImage } from './picture.ts'

const pictures: fc.Arbitrary<PngImage> = fc
  .record({
    width: fc.integer({ min: 1, max: 17 }),
    height: fc.integer({ min: 1, max: 17 }),
    channels: fc.constantFrom(1, 2, 3, 4),
    bitDepth: fc.constantFrom(8, 16),
    seed: fc.nat(),
    smooth: fc.boolean(),
  })
  .map(({ seed, smooth, ...shape }) => {
    const next = noise(seed)
    const Type = shape.bitDepth === 8 ? Uint8Array : Uint16Array
    let value = 0
    const data = new Type(shape.width * shape.height * shape.channels).map(() => (value = smooth ? value + next() * 9 : next() * 65536))
    return { ...shape, data } as PngImage
  })

test('pictures come back exactly', () => {
  fc.assert(
    fc.property(pictures, picture => {
      expect(decodePng(encodePng(picture))).toEqual(picture)
    }),
  )
})

const hex = (text: string) => Uint8Array.from(text.replace(/\s/g, '').match(/../g)!, b => Number.parseInt(b, 16))

test('one red pixel, assembled by hand', () => {
  // Signature; IHDR 1×1, 8 bits, RGB; IDAT: zlib of one stored block 00 FF 00 00; IEND.
  const png = hex(`89504E470D0A1A0A
    0000000D 49484452 00000001 00000001 08 02 00 00 00 907753DE
    0000000F 49444154 7801 01 0400 FBFF 00 FF0000 0301 0100 33D9F4F2
    00000000 49454E44 AE426082`)
  const idat = png.subarray(37, 37 + 19)
  new DataView(png.buffer).setUint32(56, crc32(idat))
  expect(decodePng(png)).toEqual({ width: 1, height: 1, channels: 3, bitDepth: 8, data: Uint8Array.of(255, 0, 0) })
  const ours = encodePng({ width: 1, height: 1, channels: 3, bitDepth: 8, data: Uint8Array.of(255, 0, 0) })
  expect(ours.subarray(0, 33)).toEqual(png.subarray(0, 33))
  expect(inflate(ours.subarray(41, -16))).toEqual(Uint8Array.of(0, 255, 0, 0))
})

function build(head: number[], rows: Uint8Array, more: [string, number[]][] = []): Uint8Array {
  const chunk = (type: string, body: Uint8Array) => {
    const out = new Uint8Array(12 + body.length)
    const view = new DataView(out.buffer)
    view.setUint32(0, body.length)
    out.set(
      [...type].map(c => c.charCodeAt(0)),
      4,
    )
    out.set(body, 8)
    view.setUint32(8 + body.length, crc32(out.subarray(4, -4)))
    return [...out]
  }
  const parts = [
    ['IHDR', Uint8Array.from(head)],
    ...more.map(([t, b]) => [t, Uint8Array.from(b)]),
    ['IDAT', deflate(rows)],
    ['IEND', new Uint8Array(0)],
  ]
  return Uint8Array.from([...hex('89504E470D0A1A0A'), ...parts.flatMap(([t, b]) => chunk(t as string, b as Uint8Array))])
}

test('low depths, palettes and transparency are expanded', () => {
  const grey2 = build([0, 0, 0, 5, 0, 0, 0, 1, 2, 0, 0, 0, 0], Uint8Array.of(0, 0b00011011, 0b01000000))
  expect(decodePng(grey2)).toEqual({ width: 5, height: 1, channels: 1, bitDepth: 8, data: Uint8Array.of(0, 85, 170, 255, 85) })
  const keyed = build([0, 0, 0, 2, 0, 0, 0, 1, 1, 0, 0, 0, 0], Uint8Array.of(0, 0b01000000), [['tRNS', [0, 1]]])
  expect(decodePng(keyed).data).toEqual(Uint8Array.of(0, 255, 255, 0))
  const palette = build([0, 0, 0, 2, 0, 0, 0, 1, 4, 3, 0, 0, 0], Uint8Array.of(0, 0x10), [
    ['PLTE', [1, 2, 3, 4, 5, 6]],
    ['tRNS', [9]],
  ])
  expect(decodePng(palette)).toEqual({ width: 2, height: 1, channels: 4, bitDepth: 8, data: Uint8Array.of(4, 5, 6, 255, 1, 2, 3, 9) })
})

test('Adam7 is undone', () => {
  // 3×3 grey: passes hold (0,0) | – | – | (2,0) | (0,2),(2,2) | (1,0),(1,2) | row 1.
  const rows = Uint8Array.of(0, 10, 0, 12, 0, 30, 32, 0, 11, 0, 31, 0, 20, 21, 22)
  const picture = decodePng(build([0, 0, 0, 3, 0, 0, 0, 3, 8, 0, 0, 0, 1], rows))
  expect(picture.data).toEqual(Uint8Array.of(10, 11, 12, 20, 21, 22, 30, 31, 32))
})

test('a palette shows colours and keeps indices', () => {
  const data = Uint8Array.of(0, 1, 2, 1)
  const palette = Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 255, 0)
  const bytes = encodePng({ width: 2, height: 2, channels: 1, bitDepth: 8, data }, { palette })
  expect(decodePng(bytes).data).toEqual(Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 255, 0, 255, 0, 0))
  expect(() => encodePng({ width: 1, height: 1, channels: 1, bitDepth: 8, data: Uint8Array.of(3) }, { palette })).toThrow(
    'index 3 is not in the palette of 3',
  )
})

test('bad input is refused in words', () => {
  const good = encodePng({ width: 4, height: 4, channels: 1, bitDepth: 16, data: new Uint16Array(16) })
  expect(() => decodePng(Uint8Array.of(0xff, 0xd8, 1, 2, 3, 4, 5, 6))).toThrow('not a PNG')
  expect(() => decodePng(good.subarray(0, -20))).toThrow(/PNG ends in the middle of/)
  const flipped = good.slice()
  flipped[45]! ^= 1
  expect(() => decodePng(flipped)).toThrow('the CRC of chunk IDAT is wrong (at byte 33)')
  expect(() => encodePng({ width: 2, height: 2, channels: 3, bitDepth: 8, data: new Uint8Array(3) })).toThrow(
    '2×2×3 needs 12 values, there are 3',
  )
})

test('a giant declared size costs nothing', () => {
  const bomb = build([0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 8, 6, 0, 0, 0], new Uint8Array(10))
  expect(() => decodePng(bomb)).toThrow('deflated bytes cannot hold so many')
})

test('no corruption escapes as another error', () => {
  const next = noise(5)
  survives(encodePng({ width: 9, height: 7, channels: 3, bitDepth: 8, data: new Uint8Array(189).map(() => next() * 256) }), decodePng)
  // The checksums stop most damage, so damage below them: rows and header fields with sums made right.
  fc.assert(
    fc.property(fc.array(fc.nat(255), { minLength: 13, maxLength: 13 }), fc.uint8Array({ maxLength: 40 }), (fields, rows) => {
      const head = [
        0,
        0,
        0,
        fields[0]! & 15,
        0,
        0,
        0,
        fields[1]! & 15,
        [1, 2, 4, 8, 16][fields[2]! % 5]!,
        fields[3]! % 7,
        0,
        0,
        fields[4]! & 1,
      ]
      try {
        decodePng(build(head, rows, [['PLTE', fields.slice(0, 6)]]))
      } catch (error) {
        expect((error as Error).name).toBe('CodecError')
      }
    }),
  )
})
