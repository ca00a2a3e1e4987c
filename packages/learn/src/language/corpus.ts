/** Texts to learn from: documents with a name and a licence, cut into training, validation and test. */
import { drawPermutation, Key, type NDArray } from '@dioramic/tensor'
import { LanguageError } from './error.ts'
import type { Tokeniser } from './tokeniser.ts'

export interface Corpus {
  readonly name: string
  /** Of the text, not of what it came in. */
  readonly licence: string
  /** Bytes of UTF-8, all documents together. */
  readonly bytes: number
  /** Of the documents, one after another. */
  readonly sha256: string
  readonly documents: readonly string[]
}

export interface Split {
  readonly train: readonly string[]
  readonly validation: readonly string[]
  readonly test: readonly string[]
}

export interface Shares {
  /** Of the characters. Default 0.05. */
  readonly validation?: number
  /** Default 0.05. */
  readonly test?: number
}

/**
 * Cuts documents by shares. Many short ones (20 or more, none with over a tenth of the text) go whole to one side, in an order that is always the same; else each is cut where
 * it stands, its beginning for training, its end for test: so a few books are all on all sides.
 */
export function splitDocuments(documents: readonly string[], { validation = 0.05, test = 0.05 }: Shares = {}): Split {
  if (!(validation >= 0 && test >= 0 && validation + test < 1))
    throw new LanguageError(`the shares of validation and test are from 0 and below 1 together, not ${validation} and ${test}`)
  const total = documents.reduce((n, d) => n + d.length, 0)
  if (total === 0) throw new LanguageError('there is no text: every document is empty')
  const whole = documents.length >= 20 && documents.every(d => d.length <= total / 10)
  const sides = { train: [] as string[], validation: [] as string[], test: [] as string[] }
  const put = (side: readonly string[], text: string) => text !== '' && (side as string[]).push(text)
  if (whole) {
    let before = 0
    for (const i of drawPermutation(Key.fromSeed(0).fork('documents').words, documents.length)) {
      const d = documents[i]!
      const at = (before + d.length / 2) / total
      put(at < test ? sides.test : at < test + validation ? sides.validation : sides.train, d)
      before += d.length
    }
    return sides
  }
  for (const d of documents) {
    const [a, b] = [1 - validation - test, 1 - test].map(share => place(d, Math.round(share * d.length))) as [number, number]
    put(sides.train, d.slice(0, a))
    put(sides.validation, d.slice(a, b))
    put(sides.test, d.slice(b))
  }
  return sides
}

/** A place that does not part the halves of a code point. */
function place(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at
}

/** Documents as tokens, one after another. */
export interface TokenText {
  /** i64 [length] */
  readonly tokens: NDArray
  /** Where documents start, ascending; the first is 0. */
  readonly starts: readonly number[]
}

/** Documents as tokens, one after another. */
export function encodeDocuments(tokeniser: Tokeniser, documents: readonly string[]): TokenText {
  const parts = documents.map(d => tokeniser.encode(d).data as BigInt64Array)
  const data = new BigInt64Array(parts.reduce((n, p) => n + p.length, 0))
  const starts: number[] = []
  let at = 0
  for (const p of parts) {
    if (p.length > 0) starts.push(at)
    data.set(p, at)
    at += p.length
  }
  return { tokens: { dtype: 'i64', shape: [data.length], data }, starts }
}

/** The first `count` tokens, or all where there are fewer. */
export function firstTokens({ tokens, starts }: TokenText, count: number): TokenText {
  const data = (tokens.data as BigInt64Array).slice(0, count)
  return { tokens: { dtype: 'i64', shape: [data.length], data }, starts: starts.filter(s => s < data.length) }
}
