/** What a text costs by counts alone: floors that a trained model must beat. */
import type { TokenText } from './corpus.ts'

/** Nats a token of a held-out text. */
export interface Floors {
  /** Every token alike. */
  readonly uniform: number
  /** By how often each token is there in the training text, each counted once more. */
  readonly unigram: number
  /** By the token before (each count and 1). */
  readonly bigram: number
  /** By the two before (each count and 0.1). */
  readonly trigram: number
}

/** The cost of `heldOut` by counts of n tokens in `train`, each count raised by `add` (Lidstone). */
function ngram(n: number, add: number, train: ArrayLike<bigint>, heldOut: ArrayLike<bigint>, vocabulary: number): number {
  const contexts = new Map<number, number>()
  const counts = new Map<number, number>()
  const context = (a: ArrayLike<bigint>, i: number): number => {
    let key = 0
    for (let k = n - 1; k >= 1; k--) key = key * vocabulary + Number(a[i - k])
    return key
  }
  for (let i = n - 1; i < train.length; i++) {
    const c = context(train, i)
    const key = c * vocabulary + Number(train[i])
    contexts.set(c, (contexts.get(c) ?? 0) + 1)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  let nats = 0
  for (let i = n - 1; i < heldOut.length; i++) {
    const c = context(heldOut, i)
    const count = counts.get(c * vocabulary + Number(heldOut[i])) ?? 0
    nats -= Math.log((count + add) / ((contexts.get(c) ?? 0) + add * vocabulary))
  }
  return nats / (heldOut.length - n + 1)
}

/** Floors of a held-out text. Documents are taken as one text. Vocabularies of up to 200,000 tokens. */
export function floorsOf(train: TokenText, heldOut: TokenText, vocabulary: number): Floors {
  const [a, b] = [train.tokens.data as BigInt64Array, heldOut.tokens.data as BigInt64Array]
  return {
    uniform: Math.log(vocabulary),
    unigram: ngram(1, 1, a, b, vocabulary),
    bigram: ngram(2, 1, a, b, vocabulary),
    trigram: ngram(3, 0.1, a, b, vocabulary),
  }
}
