/** Tokenisers from their data. */
import { bpeTokeniser } from './bpe.ts'
import { characterTokeniser } from './characters.ts'
import type { Tokeniser, TokeniserData } from './tokeniser.ts'

/** The tokeniser that some data describe. */
export const tokeniserOf = (data: TokeniserData): Tokeniser =>
  data.kind === 'bpe' ? bpeTokeniser(data.merges) : characterTokeniser([data.characters])
