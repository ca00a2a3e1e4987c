import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CheckpointError } from './error.ts'
import { type JsonValue, parseStrictJson } from './json.ts'

const plain = (v: JsonValue): unknown =>
  v instanceof Map ? Object.fromEntries([...v].map(([k, x]) => [k, plain(x)])) : Array.isArray(v) ? v.map(plain) : v

test('reads what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(3), (v, indent) => {
      const text = JSON.stringify(v, null, indent)
      expect(plain(parseStrictJson(text, 'test'))).toEqual(JSON.parse(text))
    }),
    { numRuns: 500 },
  )
})

test('agrees with JSON.parse about what is JSON', () => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b"',
    '"\\u00e9"',
    '"\\x"',
    '"',
    '1',
    '-',
    '0',
    '.5',
    '1e9',
    'true',
    'nul',
    ' ',
    '\n',
    '\t',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), parts => {
      const text = parts.join('')
      const ours = () => parseStrictJson(text, 'test')
      let theirs: unknown
      try {
        theirs = JSON.parse(text)
      } catch {
        expect(ours).toThrow(CheckpointError)
        return
      }
      if (/"(.+)".*:.*"\1"/.test(text)) return
      expect(plain(ours())).toEqual(theirs)
    }),
    { numRuns: 5000 },
  )
})

test('refuses doubled keys, also when one is escaped, and endless nesting', () => {
  expect(() => parseStrictJson('{"a":1,"\\u0061":2}', 'x.safetensors')).toThrow(/x\.safetensors: the key "a" is given twice/)
  expect(() => parseStrictJson('['.repeat(100_000), 'x')).toThrow(/nesting of more than 32/)
  expect(parseStrictJson('{"__proto__":1}', 'x')).toEqual(new Map([['__proto__', 1]]))
})
