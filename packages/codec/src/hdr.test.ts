import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeHdr, encodeHdr } from './hdr.ts'
import { noise, survives } from './survives.test-kit.ts'

const ascii = (text: string) => [...text].map(c => c.charCodeAt(0))
const HEAD = '#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n'

test('a flat picture by hand', () => {
  // 128·2^(129−136) = 1, 64·2^-7 = ½; then the old run: repeat twice.
  const bytes = Uint8Array.from([...ascii(`${HEAD}-Y 1 +X 3\n`), 128, 64, 0, 129, 1, 1, 1, 2])
  expect([...decodeHdr(bytes).data]).toEqual([1, 0.5, 0, 1, 0.5, 0, 1, 0.5, 0])
})

test('rows from below and EXPOSURE', () => {
  const bytes = Uint8Array.from([...ascii(`#?RADIANCE\nEXPOSURE=2\n\n+Y 2 +X 1\n`), 128, 0, 0, 129, 128, 0, 0, 131])
  expect([...decodeHdr(bytes).data]).toEqual([2, 0, 0, 0.5, 0, 0])
})

test('values come back within half a mantissa step', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 }), fc.nat(), (width, height, seed) => {
      const next = noise(seed)
      const data = new Float32Array(width * height * 3).map(() => (next() < 0.3 ? 3 : next() * 2 ** (next() * 40 - 20)))
      const back = decodeHdr(encodeHdr({ width, height, data }))
      expect([back.width, back.height]).toEqual([width, height])
      for (let i = 0; i < data.length; i += 3) {
        const top = Math.max(data[i]!, data[i + 1]!, data[i + 2]!)
        for (let k = 0; k < 3; k++) expect(Math.abs(back.data[i + k]! - data[i + k]!)).toBeLessThanOrEqual(top / 255)
      }
      expect(encodeHdr(back)).toEqual(encodeHdr({ width, height, data }))
    }),
  )
})

test('no corruption escapes as another error', () => {
  const next = noise(9)
  survives(encodeHdr({ width: 12, height: 3, data: new Float32Array(108).map(() => next()) }), decodeHdr)
  expect(() => decodeHdr(Uint8Array.from(ascii(`${HEAD}-Y 99999 +X 99999\n`)))).toThrow('cannot be in 0 bytes')
})
