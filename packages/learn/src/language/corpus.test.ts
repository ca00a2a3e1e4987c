import { describe, expect, it } from 'vitest'
import { characterTokeniser } from './characters.ts'
import { encodeDocuments, firstTokens, splitDocuments } from './corpus.ts'

describe('cutting texts', () => {
  it('cuts each of a few documents where it stands, no code point in two', () => {
    const documents = ['a'.repeat(70) + '😀'.repeat(15), 'b'.repeat(10)]
    const s = splitDocuments(documents, { validation: 0.1, test: 0.1 })
    for (const i of [0, 1]) expect(s.train[i]! + s.validation[i]! + s.test[i]!).toBe(documents[i])
    for (const side of Object.values(s)) for (const text of side) expect(text.isWellFormed()).toBe(true)
    expect(s.train[1]).toHaveLength(8)
    expect(splitDocuments(['abcdefghij'], { validation: 0.1, test: 0 })).toEqual({ train: ['abcdefghi'], validation: ['j'], test: [] })
  })
  it('keeps many short documents whole, all on one side, by the shares', () => {
    const documents = Array.from({ length: 400 }, (_, i) => `${i}:`.padEnd(50 + (i % 7), 'x'))
    const s = splitDocuments(documents, { validation: 0.1, test: 0.2 })
    expect([...s.train, ...s.validation, ...s.test].sort()).toEqual([...documents].sort())
    expect(s.test).toHaveLength(80)
    expect(s.validation).toHaveLength(40)
    expect(splitDocuments(documents, { validation: 0.1, test: 0.2 })).toEqual(s)
  })
  it('refuses shares that leave nothing, and no text', () => {
    expect(() => splitDocuments(['abc'], { validation: 0.6, test: 0.4 })).toThrow(/below 1 together/)
    expect(() => splitDocuments(['', ''])).toThrow(/no text/)
  })
})

describe('characters', () => {
  const tokeniser = characterTokeniser(['hello', 'wörld 😀'])
  it('write and read texts of any code points, and know their bytes', () => {
    const text = '😀 wöö hell'
    expect(tokeniser.decode(tokeniser.encode(text).data as BigInt64Array)).toBe(text)
    const bytes = Array.from(tokeniser.encode(text).data as BigInt64Array, t => tokeniser.bytes[Number(t)]!).reduce((a, b) => a + b, 0)
    expect(bytes).toBe(Buffer.byteLength(text))
    expect(tokeniser.size).toBe(9 + 1)
  })
  it('name a character that they lack', () => {
    expect(() => tokeniser.encode('hellx')).toThrow(/"x" is not among the 10/)
  })
  it('follow each other, with the places where documents start', () => {
    const { tokens, starts } = encodeDocuments(tokeniser, ['hell', '', 'o😀'])
    expect(starts).toEqual([0, 4])
    expect(tokeniser.decode(tokens.data as BigInt64Array)).toBe('hello😀')
    const first = firstTokens({ tokens, starts }, 4)
    expect([tokeniser.decode(first.tokens.data as BigInt64Array), first.starts, first.tokens.shape]).toEqual(['hell', [0], [4]])
  })
})
