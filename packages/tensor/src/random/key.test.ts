import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldIn, Key } from './key.ts'
import { fillBits } from './philox.ts'

const id = (key: Key) => key.words.join(' ')
const root = Key.fromSeed(7)

test('keys are pinned: changing them changes every run ever recorded', () => {
  expect(Key.fromSeed(0).words).toEqual(PINNED[0])
  expect(root.fork('dropout').words).toEqual(PINNED[1])
  expect(root.fork('a longer name, of 4k + 1 units').words).toEqual(PINNED[2])
  expect(root.fork(3).words).toEqual(PINNED[3])
  expect(root.fork('').words).toEqual(PINNED[4])
  expect(root.fork(2 ** 40 + 1).words).toEqual(PINNED[5])
})
const PINNED = [
  [821396196, 2882565406],
  [3137265451, 4143160007],
  [3863564848, 339538060],
  [1715773708, 2297311380],
  [23717864, 759343903],
  [810833377, 2518858862],
]

describe('seeds', () => {
  test('0 is a seed like any other, and all differ, above 2^32 too', () => {
    const seeds = [0, 1, 2, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 33, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1]
    expect(new Set(seeds.map(s => id(Key.fromSeed(s)))).size).toBe(seeds.length)
    expect(Key.fromSeed(0).words).not.toEqual([0, 0])
  })
  test.each([-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])('%s is refused', seed => {
    expect(() => Key.fromSeed(seed)).toThrow(`a seed is an integer from 0 to 2^53 − 1, not ${seed}`)
  })
})

describe('fork', () => {
  test('the same name gives the same key; the parent is unchanged', () => {
    fc.assert(
      fc.property(fc.string(), name => {
        const before = id(root)
        expect(root.fork(name).words).toEqual(root.fork(name).words)
        expect(id(root)).toBe(before)
      }),
    )
  })
  test('different paths of names and indices give different keys', () => {
    const path = fc.array(fc.oneof(fc.string({ maxLength: 12 }), fc.nat()), { maxLength: 4 })
    fc.assert(
      fc.property(path, path, (a, b) => {
        const walk = (steps: (string | number)[]) => steps.reduce((key: Key, step) => key.fork(step), root)
        expect(id(walk(a)) === id(walk(b))).toBe(JSON.stringify(a) === JSON.stringify(b))
      }),
    )
  })
  test('names with zeros at their end, prefixes, and names cut elsewhere differ', () => {
    const names = ['', '\0', '\0\0', '\0\0\0\0', '\0\0\0\0\0', 'a', 'ab', 'abc', 'abcd', 'abcde', 'a\0', '0', '1', 'ab\0d']
    const keys = [...names.map(n => root.fork(n)), root.fork(0), root.fork(1), root.fork('ab').fork('cd'), root.fork('abcd').fork('')]
    expect(new Set(keys.map(id)).size).toBe(keys.length)
  })
  test('a hundred thousand indices give as many keys', () => {
    const seen = new Set<string>()
    for (let i = 0; i < 100_000; i++) seen.add(id(root.fork(i)))
    expect(seen.size).toBe(100_000)
  })
  test('bits of forked keys are fair and flip with any bit of the index', () => {
    const counts = new Float64Array(64)
    const flips = new Float64Array(64)
    const n = 4000
    const count = (into: Float64Array, [a, b]: readonly [number, number]) => {
      for (let bit = 0; bit < 32; bit++) {
        into[bit]! += (a >>> bit) & 1
        into[bit + 32]! += (b >>> bit) & 1
      }
    }
    for (let i = 0; i < n; i++) {
      const [a, b] = root.fork(i).words
      const [c, d] = root.fork(i ^ (1 << (i % 20))).words
      count(counts, [a, b])
      count(flips, [(a ^ c) >>> 0, (b ^ d) >>> 0])
    }
    for (const counted of [counts, flips]) for (const c of counted) expect(Math.abs(c - n / 2) / Math.sqrt(n / 4)).toBeLessThan(4.5)
  })
  test('a key’s forks are not among its draws', () => {
    const drawn = new Uint32Array(4096)
    fillBits(drawn, root.words)
    const words = new Set(drawn)
    for (let i = 0; i < 1000; i++) expect(words.has(root.fork(i).words[0])).toBe(false)
  })
  test.each([-1, 1.5, Number.NaN])('index %s is refused', index => {
    expect(() => root.fork(index)).toThrow(`a key is forked by a name or an index ≥ 0, not ${index}`)
  })
})

describe('in a graph', () => {
  test('foldIn is fork by index, and takes every safe integer', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), i => {
        expect(foldIn(root.words, i)).toEqual(root.fork(i).words)
      }),
    )
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (i, j) => {
        expect(foldIn(root.words, i).join() === foldIn(root.words, j).join()).toBe(i === j)
      }),
    )
    expect(() => foldIn(root.words, 0.5)).toThrow('a key is folded with an integer, not 0.5')
  })
  test('a key goes to i64 and back', () => {
    const words = fc.nat({ max: 0xffffffff })
    fc.assert(
      fc.property(words, words, (a, b) => {
        expect(Key.fromInt64(new Key([a, b]).toInt64()).words).toEqual([a, b])
      }),
    )
    expect(() => Key.fromInt64(BigInt64Array.of(1n))).toThrow('a key is two words, not 1')
    expect(() => Key.fromInt64(BigInt64Array.of(1n, -1n))).toThrow('a key is two u32 words, not 1, -1')
  })
})
