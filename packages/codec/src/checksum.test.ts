import { createHash } from 'node:crypto'
import { deflateSync, gunzipSync, gzipSync, inflateSync, crc32 as nodeCrc } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { adler32, crc32 } from './checksum.ts'
import { deflate, gunzip, gzip, inflate, inflateRaw } from './deflate.ts'
import { createSha256, sha256 } from './sha256.ts'
import { noise, survives } from './survives.test-kit.ts'

const ascii = (text: string) => Uint8Array.from([...text].map(c => c.charCodeAt(0)))
const bytes = fc.uint8Array({ maxLength: 5000 })

test('checksums of the published examples', () => {
  expect(crc32(ascii('123456789'))).toBe(0xcbf43926)
  expect(adler32(ascii('Wikipedia'))).toBe(0x11e60398)
  expect(sha256(ascii('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('checksums agree with Node', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const both = Uint8Array.from([...a, ...b])
      expect(crc32(both)).toBe(nodeCrc(both))
      expect(crc32(b, crc32(a))).toBe(nodeCrc(both))
      expect(sha256(both)).toBe(createHash('sha256').update(both).digest('hex'))
      expect(createSha256().update(a).update(b).digest()).toBe(sha256(both))
    }),
  )
})

test('zlib and gzip read ours, we read theirs', () => {
  fc.assert(
    fc.property(bytes, fc.constantFrom(1, 4, 6, 9), (data, level) => {
      expect(new Uint8Array(inflateSync(deflate(data, level)))).toEqual(data)
      expect(new Uint8Array(gunzipSync(gzip(data, level)))).toEqual(data)
      expect(inflate(deflateSync(data))).toEqual(data)
      expect(inflate(deflateSync(data), data.length)).toEqual(data)
      expect(gunzip(gzipSync(data))).toEqual(data)
    }),
  )
})

test('what runs over or under the declared size is refused', () => {
  const raw = deflate(new Uint8Array(100)).subarray(2, -4)
  expect(() => inflateRaw(raw, 99)).toThrow('holds more than the declared 99 bytes')
  expect(() => inflateRaw(raw, 101)).toThrow('holds 100 bytes, not the declared 101')
  expect(() => inflateRaw(raw, 1e12)).toThrow('cannot hold so many')
})

test('no corruption escapes as another error', () => {
  const next = noise(3)
  const data = new Uint8Array(300).map(() => next() * 40)
  survives(deflate(data), b => inflate(b))
  survives(deflate(data), b => inflate(b, 300))
  survives(gzip(data), gunzip)
})
