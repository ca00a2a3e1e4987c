/**
 * Byte-level byte-pair encoding (Sennrich et al. 2016; on bytes as in Radford et al. 2019): any text can be written, and comes back exactly. Merges are learnt here from the text, so that a
 * vocabulary of a few hundred to a few thousand tokens fits it; Hugging Face's tokeniser library writes with them.
 */

import type { NDArray } from '@dioramic/tensor'
import { Tokenizer } from '@huggingface/tokenizers'
import { LanguageError } from './error.ts'
import type { Tokeniser } from './tokeniser.ts'

/** How GPT-2 cuts a text before pairs are merged: contractions, words with the space before them, numbers, signs, white space. */
const WORDS = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu

/** The characters by which byte-level tokenisers write the 256 bytes: printable ones stand for themselves, the others for what follows 255. Numbers of tokens are in the order of the characters. */
const ALPHABET: readonly { readonly byte: number; readonly character: string }[] = (() => {
  const printable = (b: number) => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => ({ byte, code: printable(byte) ? byte : next++ }))
    .sort((a, b) => a.code - b.code)
    .map(({ byte, code }) => ({ byte, character: String.fromCharCode(code) }))
})()

const TOKEN_OF_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => ALPHABET.findIndex(a => a.byte === byte))

/** Two tokens that become one. */
export type Merge = readonly [left: number, right: number]

/**
 * The merges of byte-pair encoding: again and again the pair of tokens that stands side by side most often (of equals the one of lower numbers) becomes token 256, 257 … until there are `size`
 * tokens, or no pair is there twice.
 */
export function learnMerges(texts: readonly string[], size: number): readonly Merge[] {
  if (!(Number.isInteger(size) && size >= 256 && size <= 65536))
    throw new LanguageError(`a BPE vocabulary has 256 tokens (the bytes) to 65536, not ${size}`)
  const counts = new Map<string, number>()
  for (const text of texts) for (const [word] of text.matchAll(WORDS)) counts.set(word, (counts.get(word) ?? 0) + 1)
  const encoder = new TextEncoder()
  const words = [...counts].map(([word, count]) => ({ tokens: Array.from(encoder.encode(word), b => TOKEN_OF_BYTE[b]!), count }))
  const pairs = new Pairs()
  words.forEach(({ tokens, count }, w) => {
    pairs.add(tokens, count, w)
  })
  const merges: Merge[] = []
  while (256 + merges.length < size) {
    const best = pairs.best()
    if (!best) break
    const made = 256 + merges.length
    merges.push(best.pair)
    for (const w of best.words) {
      const word = words[w]!
      pairs.add(word.tokens, -word.count, w)
      word.tokens = merged(word.tokens, best.pair, made)
      pairs.add(word.tokens, word.count, w)
    }
  }
  return merges
}

/** How often each pair stands side by side, and in which words. */
class Pairs {
  private readonly all = new Map<number, { count: number; words: Set<number> }>()

  add(tokens: readonly number[], count: number, word: number): void {
    for (let i = 0; i + 1 < tokens.length; i++) {
      const key = tokens[i]! * 65536 + tokens[i + 1]!
      let pair = this.all.get(key)
      if (!pair) this.all.set(key, (pair = { count: 0, words: new Set() }))
      pair.count += count
      if (count > 0) pair.words.add(word)
      else if (pair.count === 0) this.all.delete(key)
    }
  }

  best(): { readonly pair: Merge; readonly words: readonly number[] } | undefined {
    let [top, at] = [1, -1]
    for (const [key, { count }] of this.all)
      if (count > top || (count === top && at >= 0 && key < at)) {
        top = count
        at = key
      }
    return at < 0 ? undefined : { pair: [Math.floor(at / 65536), at % 65536], words: [...this.all.get(at)!.words] }
  }
}

function merged(tokens: readonly number[], [left, right]: Merge, made: number): number[] {
  const out: number[] = []
  for (let i = 0; i < tokens.length; i++)
    if (tokens[i] === left && tokens[i + 1] === right) {
      out.push(made)
      i++
    } else out.push(tokens[i]!)
  return out
}

/** The tokeniser of merges. Halves of surrogate pairs that stand alone, which are no text, are written as U+FFFD. */
export function bpeTokeniser(merges: readonly Merge[]): Tokeniser {
  const pieces = ALPHABET.map(a => a.character)
  const bytes = ALPHABET.map(a => [a.byte])
  merges.forEach(([a, b], i) => {
    if (!(a >= 0 && b >= 0 && a < 256 + i && b < 256 + i))
      throw new LanguageError(`merge ${i + 1} joins tokens ${a} and ${b}, which are not there yet`)
    pieces.push(pieces[a]! + pieces[b]!)
    bytes.push([...bytes[a]!, ...bytes[b]!])
  })
  const library = new Tokenizer(
    {
      version: '1.0',
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: true },
      post_processor: null,
      decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: true },
      model: {
        type: 'BPE',
        vocab: Object.fromEntries(pieces.map((p, i) => [p, i])),
        merges: merges.map(([a, b]) => [pieces[a]!, pieces[b]!]),
      },
    },
    {},
  )
  // Words come again and again, and are written one by one.
  const known = new Map<string, readonly bigint[]>()
  const write = (word: string): readonly bigint[] => {
    const tokens = library.encode(word, { add_special_tokens: false }).ids.map(BigInt)
    if (known.size < 1 << 18) known.set(word, tokens)
    return tokens
  }
  return {
    size: pieces.length,
    encode: (text): NDArray => {
      const parts = Array.from(text.matchAll(WORDS), ([word]) => known.get(word) ?? write(word))
      const data = new BigInt64Array(parts.reduce((n, p) => n + p.length, 0))
      let at = 0
      for (const part of parts) for (const token of part) data[at++] = token
      return { dtype: 'i64', shape: [data.length], data }
    },
    decode: tokens => {
      const all = Uint8Array.from(Array.from(tokens, t => bytes[Number(t)] ?? []).flat())
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(all)
    },
    bytes: Uint16Array.from(bytes, b => b.length),
    // Bytes that go on with a character are 10xxxxxx.
    characters: Uint16Array.from(bytes, b => b.filter(v => (v & 0xc0) !== 0x80).length),
    data: { kind: 'bpe', merges },
  }
}
