/** Moby Dick by characters. */
import { characterTokeniser, encodeDocuments, splitDocuments } from '@dioramic/learn/language'
import { loadCorpus } from '@dioramic/learn/node/language'

export function book() {
  const { documents } = loadCorpus('moby-dick')
  const tokeniser = characterTokeniser(documents)
  const { train, validation } = splitDocuments(documents)
  return { tokeniser, train: encodeDocuments(tokeniser, train), validation: encodeDocuments(tokeniser, validation) }
}
