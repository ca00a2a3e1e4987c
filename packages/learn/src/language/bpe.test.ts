import { Key } from '@dioramic/tensor'
import { describe, expect, it } from 'vitest'
import { bpeTokeniser, learnMerges } from './bpe.ts'
import { tokeniserOf } from './tokenisers.ts'

const text = (s: string) => bpeTokeniser(learnMerges([s], 300))
/** What each token is, as text. */
const pieces = (t: ReturnType<typeof text>, s: string) => Array.from(t.encode(s).data as BigInt64Array, n => t.decode([n]))

describe('merges', () => {
  it('join the most frequent pair, again and again (the example of Sennrich et al. 2016, with the space before a word)', () => {
    // low ×5, lower ×2, newest ×6, widest ×3: es, est, lo, low, then ew (of ne, ew, we the lowest numbers), new, newest …
    const corpus = `${' low'.repeat(5)}${' lower'.repeat(2)}${' newest'.repeat(6)}${' widest'.repeat(3)}`
    const t = bpeTokeniser(learnMerges([corpus], 256 + 2))
    expect(pieces(t, ' newest')).toEqual([' ', 'n', 'e', 'w', 'est'])
    const more = text(corpus)
    expect(pieces(more, ' newest lowest')).toEqual([' newest', ' low', 'est'])
  })
  it('are those of counting all anew for each merge', () => {
    const seed = 11
    const key = Key.fromSeed(seed)
    const words = Array.from({ length: 60 }, (_, i) => {
      const [a, b] = key.fork(i).words
      return Array.from({ length: 1 + (a! % 7) }, (_, k) => 'abcde'[((b! >>> (3 * k)) & 7) % 5]).join('')
    })
    const corpus = words.map(w => ` ${w}`.repeat(1 + (w.length % 3))).join('')
    // Byte b is token b − 33 here, the space the 223rd of the alphabet's order.
    let list = Array.from(corpus.matchAll(/ [a-e]+/g), ([w]) => [...w].map(c => (c === ' ' ? 220 : c.charCodeAt(0) - 33)))
    const naive: [number, number][] = []
    while (naive.length < 60) {
      const counts = new Map<string, number>()
      for (const w of list)
        for (let i = 0; i + 1 < w.length; i++) counts.set(`${w[i]},${w[i + 1]}`, (counts.get(`${w[i]},${w[i + 1]}`) ?? 0) + 1)
      const order = [...counts].map(([k, n]) => ({ pair: k.split(',').map(Number) as [number, number], n }))
      order.sort((a, b) => b.n - a.n || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1])
      if (!order[0] || order[0].n < 2) break
      const [l, r] = order[0].pair
      const made = 256 + naive.length
      naive.push([l, r])
      list = list.map(w => {
        const out: number[] = []
        for (let i = 0; i < w.length; i++) {
          const pair = w[i] === l && w[i + 1] === r
          out.push(pair ? made : w[i]!)
          if (pair) i++
        }
        return out
      })
    }
    expect(learnMerges([corpus], 256 + 60), `seed ${seed}`).toEqual(naive)
  })
  it('end where no pair is there twice, and need the 256 bytes', () => {
    expect(learnMerges(['ab ab'], 400).length).toBeLessThan(4)
    expect(() => learnMerges(['ab'], 100)).toThrow(/256 tokens \(the bytes\) to 65536, not 100/)
    expect(() => bpeTokeniser([[1, 300]])).toThrow(/merge 1 joins tokens 1 and 300/)
  })
})

describe('texts', () => {
  const t = text('The cat sat on the mat. The cat sat on the hat!\n\n  if (x) { return [x] }\n'.repeat(4))
  it('come back exactly, whatever they hold, and tokens know their bytes and characters', () => {
    const samples = [
      '',
      ' ',
      '\n\n\t x',
      'The cat',
      '\ufeffBOM',
      '😀👩‍👩‍👧 ñ é',
      '漢字かな',
      "don't  DON'T",
      '\u0000\u001f\u007f\u0085\u00a0\u00ad',
      'a\r\nb',
      ' ſ K',
    ]
    const seed = 5
    const key = Key.fromSeed(seed)
    for (let i = 0; i < 300; i++) {
      const [a, b] = key.fork(i).words
      samples.push(
        Array.from({ length: 12 }, (_, k) => {
          const n = (a! ^ Math.imul(b!, k + 1)) >>> 0
          const point = n % 3 === 0 ? n % 128 : n % 3 === 1 ? n % 0x3000 : n % 0x110000
          return String.fromCodePoint(point >= 0xd800 && point < 0xe000 ? 0x20 : point)
        }).join(''),
      )
    }
    for (const s of samples) {
      const tokens = t.encode(s).data as BigInt64Array
      expect(t.decode(tokens), `seed ${seed}: ${JSON.stringify(s)}`).toBe(s)
      const sum = (of: ArrayLike<number>) => Array.from(tokens, n => of[Number(n)]!).reduce((a, b) => a + b, 0)
      expect(sum(t.bytes)).toBe(Buffer.byteLength(s))
      expect(sum(t.characters)).toBe([...s].length)
    }
  })
  it('are written alike by a tokeniser that was made again from its data', () => {
    const again = tokeniserOf(JSON.parse(JSON.stringify(t.data)))
    expect(again.encode('The hat sat')).toEqual(t.encode('The hat sat'))
    expect(t.encode('The cat sat').data.length).toBe(3)
  })
})
