/** The text of the language models: books as byte-pair tokens, and questions made of what is held out. */
import {
  bpeTokeniser,
  type ChoiceItem,
  choiceSet,
  encodeDocuments,
  learnMerges,
  splitDocuments,
  type Tokeniser,
  type TokenText,
} from '@dioramic/learn/language'
import { loadCorpus } from '@dioramic/learn/node/language'
import { Key } from '@dioramic/tensor'

export interface Text {
  readonly name: string
  readonly bytes: number
  readonly tokeniser: Tokeniser
  readonly train: TokenText
  readonly held: TokenText
  /** How often each token occurs in the training text. */
  readonly counts: readonly number[]
  /** Questions of the held-out text, by the name of their set. */
  items(count: number): Readonly<Record<string, readonly ChoiceItem[]>>
}

const known = new Map<string, Text>()

/** A text by its name, with a vocabulary of so many tokens; merges are learned from the training part. Read once a process. */
export function textOf(name: string, vocabulary: number): Text {
  const id = `${name} ${vocabulary}`
  const before = known.get(id)
  if (before) return before
  const corpus = loadCorpus(name)
  const split = splitDocuments(corpus.documents)
  const tokeniser = bpeTokeniser(learnMerges(split.train, vocabulary))
  const train = encodeDocuments(tokeniser, split.train)
  const counts = new Array<number>(tokeniser.size).fill(0)
  for (const t of train.tokens.data as BigInt64Array) counts[Number(t)]!++
  const text: Text = {
    name,
    bytes: corpus.bytes,
    tokeniser,
    train,
    held: encodeDocuments(tokeniser, split.validation),
    counts,
    items: count =>
      Object.fromEntries(
        (['continuation', 'cloze'] as const).map(set => [
          set,
          choiceSet(set, split.validation, { count, key: Key.fromSeed(0), context: 160, longest: 90 }),
        ]),
      ),
  }
  known.set(id, text)
  return text
}
