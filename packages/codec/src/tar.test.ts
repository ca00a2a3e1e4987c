import fc from 'fast-check'
import { expect, test } from 'vitest'
import { survives } from './survives.test-kit.ts'
import { decodeTar, encodeTar, tarEnd, tarEntry } from './tar.ts'

const segment = fc.stringMatching(/^[a-zA-Z0-9_äß-]{1,20}$/)
const entries = fc.array(
  fc.record({
    name: fc.array(segment, { minLength: 1, maxLength: 9 }).map(s => s.join('/')),
    bytes: fc.uint8Array({ maxLength: 1500 }),
  }),
  { maxLength: 5 },
)

test('files come back as they went, whole or streamed', () => {
  fc.assert(
    fc.property(entries, files => {
      const tar = encodeTar(files)
      expect([...decodeTar(tar)]).toEqual(files)
      expect(tar).toEqual(Uint8Array.from([...files.map(f => tarEntry(f.name, f.bytes)), tarEnd()].flatMap(b => [...b])))
    }),
  )
})

test('the header has the fields of POSIX', () => {
  const head = String.fromCharCode(...tarEntry('a.txt', new Uint8Array(10)).subarray(0, 512))
  expect(head.slice(0, 6)).toBe('a.txt\0')
  expect(head.slice(100, 157)).toBe('0000644\x000000000\x000000000\x0000000000012\x0000000000000\x00010157\x00 0')
  expect(head.slice(257, 265)).toBe('ustar\x0000')
})

test('long names go to the prefix, longer ones are refused', () => {
  const name = `${'d'.repeat(150)}/${'f'.repeat(100)}`
  expect([...decodeTar(encodeTar([{ name, bytes: new Uint8Array(1) }]))][0]!.name).toBe(name)
  expect(() => tarEntry('x'.repeat(101), new Uint8Array(0))).toThrow('the name of 101 bytes does not fit a tar')
})

test('what is cut or broken is refused in words', () => {
  const tar = encodeTar([{ name: 'a', bytes: new Uint8Array(600) }])
  expect(() => [...decodeTar(tar.subarray(0, 1000))]).toThrow('the tar ends in the middle of a (at byte 0)')
  expect(() => [...decodeTar(tar.subarray(0, 1536))]).toThrow('the tar ends without its two empty blocks')
  survives(tar, bytes => [...decodeTar(bytes)])
})
