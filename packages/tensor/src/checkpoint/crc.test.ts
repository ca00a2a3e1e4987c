import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32, crc32c } from './crc.ts'

const text = new TextEncoder().encode('123456789')

test('the check values of the catalogue of CRCs', () => {
  expect(crc32c().update(text).value).toBe(0xe3069283)
  expect(crc32().update(text).value).toBe(0xcbf43926)
  expect(crc32c().update(new Uint8Array(32)).value).toBe(0x8a9136aa) // RFC 3720, B.4
})

test('pieces and places in memory make no difference', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), fc.nat(7), (bytes, cut, offset) => {
      const shifted = new Uint8Array(bytes.length + offset).subarray(offset)
      shifted.set(bytes)
      const one = crc32c().update(bytes).value
      expect(crc32c().update(shifted.subarray(0, cut)).update(shifted.subarray(cut)).value).toBe(one)
      let c = 0xffffffff
      for (const b of bytes) {
        c ^= b
        for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1
      }
      expect(one).toBe(~c >>> 0)
    }),
  )
})
