/** Eighteen books in pieces, shuffled: within a piece it is worth knowing whom and what it is about, and the next is of another book. */
import {
  bpeTokeniser,
  encodeDocuments,
  firstTokens,
  learnMerges,
  splitDocuments,
  type Tokeniser,
  type TokenText,
} from '@dioramic/learn/language'
import { loadCorpus } from '@dioramic/learn/node/language'

/** Characters of a piece: some 4,500 tokens. */
const PIECE = 12_000
export const VOCABULARY = 1024

interface Library {
  readonly tokeniser: Tokeniser
  readonly train: TokenText
  readonly validation: TokenText
}

let read: Library | undefined

/** Whole pieces are trained on or held out; what ends a document and is less than a quarter of a piece is left out. Read when it is first needed. */
export function library(): Library {
  if (!read) {
    const pieces = loadCorpus('books').documents.flatMap(cut)
    const { train, validation } = splitDocuments(pieces)
    const tokeniser = bpeTokeniser(
      learnMerges(
        train.filter((_, i) => i % 8 === 0),
        VOCABULARY,
      ),
    )
    read = { tokeniser, train: encodeDocuments(tokeniser, train), validation: firstTokens(encodeDocuments(tokeniser, validation), 100_000) }
  }
  return read
}

const cut = (document: string): string[] =>
  Array.from({ length: Math.ceil(document.length / PIECE) }, (_, i) => document.slice(i * PIECE, (i + 1) * PIECE)).filter(
    piece => piece.length >= PIECE / 4,
  )
