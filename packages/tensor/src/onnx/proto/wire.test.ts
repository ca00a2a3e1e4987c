import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OnnxError } from './error.ts'
import { WireReader } from './wire-reader.ts'
import { encodeMessage, type WireOut } from './wire-writer.ts'

const hex = (b: Uint8Array) => Buffer.from(b).toString('hex')
const int = (n: number) => encodeMessage(out => out.int(1, n), undefined)
const reader = (...bytes: number[]) => {
  const r = new WireReader(Uint8Array.from(bytes))
  r.next()
  return r
}

describe('writing', () => {
  test('the examples of the protobuf documentation', () => {
    expect(hex(int(150))).toBe('089601')
    expect(hex(encodeMessage(out => out.string(2, 'testing'), undefined))).toBe('120774657374696e67')
    expect(hex(encodeMessage(out => out.message(3, (o: WireOut, v: number) => o.int(1, v), 150), undefined))).toBe('1a03089601')
    expect(hex(encodeMessage(out => out.packedInts(6, [3, 270, 86942]), undefined))).toBe('3206038e029ea705')
  })

  test('negative and extreme integers take ten bytes or saturate', () => {
    expect(hex(int(-1))).toBe('08ffffffffffffffffff01')
    expect(hex(int(2 ** 63))).toBe('08ffffffffffffffff7f')
    expect(hex(int(-(2 ** 64)))).toBe('0880808080808080808001')
  })

  test('an integer field refuses fractions', () => {
    expect(() => int(0.5)).toThrow(/0\.5 is not an integer/)
    expect(() => int(Number.NaN)).toThrow(OnnxError)
  })

  test('whatever is written comes back', () => {
    const value = fc.oneof(
      fc.record({ kind: fc.constant('int' as const), v: fc.oneof(fc.maxSafeInteger(), fc.integer()) }),
      fc.record({ kind: fc.constant('double' as const), v: fc.double() }),
      fc.record({ kind: fc.constant('float' as const), v: fc.float() }),
      fc.record({ kind: fc.constant('string' as const), v: fc.string({ unit: 'binary', maxLength: 80 }) }),
      fc.record({ kind: fc.constant('bytes' as const), v: fc.uint8Array({ maxLength: 200 }) }),
      fc.record({ kind: fc.constant('ints' as const), v: fc.array(fc.maxSafeInteger(), { minLength: 1 }) }),
      fc.record({ kind: fc.constant('floats' as const), v: fc.array(fc.float(), { minLength: 1 }) }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2047 }), fc.integer({ min: 0, max: 20 }), value, (field, depth, x) => {
        const write = (out: WireOut, level: number): void => {
          if (level > 0) out.message(field, write, level - 1)
          else if (x.kind === 'ints') out.packedInts(field, x.v)
          else if (x.kind === 'floats') out.packedFloats(field, x.v)
          else (out[x.kind] as (f: number, v: unknown) => void).call(out, field, x.v)
        }
        const read = (r: WireReader, level: number): unknown => {
          expect(r.next()).toBe(true)
          expect(r.field).toBe(field)
          let got: unknown
          const list = (fill: (into: number[]) => void) => {
            const into: number[] = []
            fill(into)
            return into
          }
          if (level > 0) got = r.message('m', inner => read(inner, level - 1))
          else if (x.kind === 'double') got = list(l => r.doubles('d', l))[0]
          else if (x.kind === 'ints') got = list(l => r.ints('i', l))
          else if (x.kind === 'floats') got = list(l => r.floats('f', l))
          else got = r[x.kind]('v')
          expect(r.next()).toBe(false)
          return got
        }
        const back = read(new WireReader(encodeMessage(write, depth)), depth)
        expect(back).toEqual(Object.is(x.v, -0) && x.kind === 'int' ? 0 : x.v)
      }),
      { numRuns: 200 },
    )
  })
})

describe('hostile bytes', () => {
  test.each([
    ['a number cut short', () => reader(0x08, 0x96).int('x'), /x ends in the middle of a number/],
    ['a number of eleven bytes', () => reader(0x08, ...Array(10).fill(0x80), 1).int('x'), /more than 10 bytes/],
    [
      'a length beyond the end',
      () => reader(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f).bytes('x'),
      /x should take 4294967295 bytes, but 0 are left/,
    ],
    ['a length of 2⁶⁴ − 1', () => reader(0x0a, ...Array(9).fill(0xff), 1).bytes('x'), /x should take 18446744073709552000 bytes/],
    ['a group', () => reader(0x0b), /group start/],
    ['field number 0', () => reader(0x00), /field number 0/],
    ['the wrong wire type', () => reader(0x0d, 0, 0, 0, 0).int('x'), /x has the wire type 32-bit, not varint/],
    ['text that is not UTF-8', () => reader(0x0a, 2, 0xc3, 0x28).string('x'), /x is not UTF-8/],
    ['packed floats of five bytes', () => reader(0x0a, 5, 0, 0, 0, 0, 0).floats('x', []), /x should take 4 bytes, but 1 are left/],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(OnnxError)
    expect(run).toThrow(message)
  })

  test('nesting without end is refused before the stack is', () => {
    let bytes = new Uint8Array(0)
    for (let i = 0; i < 200; i++) {
      const inner = bytes
      bytes = encodeMessage(out => out.bytes(1, inner), undefined)
    }
    const read = (r: WireReader): void => {
      while (r.next()) r.message('m', read)
    }
    expect(() => read(new WireReader(bytes))).toThrow(/nested more than 100 deep/)
  })

  test('the error names the path', () => {
    const read = (r: WireReader): void => {
      while (r.next()) r.message('node', inner => inner.next() && inner.int('axis'), 3)
    }
    expect(() => read(new WireReader(Uint8Array.of(0x0a, 2, 0x08, 0x80)))).toThrow(/^node\[3\]\.axis ends/)
  })
})
