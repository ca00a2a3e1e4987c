/** The tokeniser of characters: one token a code point. */
import { type NDArray, vocabulary } from '@dioramic/tensor'
import { LanguageError } from './error.ts'
import type { Tokeniser } from './tokeniser.ts'

/** The characters of all texts given (Unicode code points, sorted) as tokens. @throws LanguageError when a text holds others */
export function characterTokeniser(texts: readonly string[]): Tokeniser {
  const found = new Set<string>()
  for (const text of texts) for (const c of text) found.add(c)
  const all = vocabulary([...found])
  if (all.size === 0) throw new LanguageError('a tokeniser of characters needs a text: this one is empty')
  const numbers = new Map(all.characters.map((c, i) => [c, BigInt(i)]))
  const known = all.characters.join('')
  return {
    size: all.size,
    encode: (text): NDArray => {
      const data = BigInt64Array.from([...text], c => {
        const n = numbers.get(c)
        if (n === undefined)
          throw new LanguageError(
            `the character ${JSON.stringify(c)} is not among the ${all.size} that this tokeniser was made of: ${JSON.stringify(known.length > 80 ? `${known.slice(0, 80)}…` : known)}; write the text without it, or train with BPE, which writes any text`,
          )
        return n
      })
      return { dtype: 'i64', shape: [data.length], data }
    },
    decode: tokens => all.decode(tokens),
    bytes: Uint8Array.from(all.characters, c => new TextEncoder().encode(c).length),
    characters: new Uint8Array(all.size).fill(1),
    data: { kind: 'characters', characters: known },
  }
}
