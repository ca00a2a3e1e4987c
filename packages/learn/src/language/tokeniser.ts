/** Tokenisers: texts as numbers and back, exactly. */
import type { NDArray } from '@dioramic/tensor'

/** What a tokeniser is made of, as plain data: it goes into a trained model's file. */
export type TokeniserData =
  | { readonly kind: 'characters'; readonly characters: string }
  | { readonly kind: 'bpe'; readonly merges: readonly (readonly [left: number, right: number])[] }

export interface Tokeniser {
  /** Number of tokens. */
  readonly size: number
  /** i64 [length]. @throws LanguageError for a text that it cannot write */
  encode(text: string): NDArray
  decode(tokens: ArrayLike<number | bigint>): string
  /** The bytes of UTF-8 that each token stands for. */
  readonly bytes: ArrayLike<number>
  /** The characters (code points) that begin in each token. */
  readonly characters: ArrayLike<number>
  readonly data: TokeniserData
}
