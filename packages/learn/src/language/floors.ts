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

/** Numbers by index: an array where there are few enough of them, else a map. */
function counter(size: number): { add(i: number): void; at(i: number): number } {
  if (size <= 1 << 24) {
    const all = new Float64Array(size)
    return { add: i => void all[i]!++, at: i => all[i]! }
  }
  const some = new Map<number, number>()
  return { add: i => some.set(i, (some.get(i) ?? 0) + 1), at: i => some.get(i) ?? 0 }
}

/** The cost of `heldOut` by counts of n tokens in `train`, each count raised by `add` (Lidstone). */
function ngram(n: number, add: number, train: ArrayLike<number>, heldOut: ArrayLike<number>, vocabulary: number): number {
  const contexts = counter(vocabulary ** (n - 1))
  const counts = counter(vocabulary ** n)
  const context = (a: ArrayLike<number>, i: number): number => {
    let key = 0
    for (let k = n - 1; k >= 1; k--) key = key * vocabulary + a[i - k]!
    return key
  }
  for (let i = n - 1; i < train.length; i++) {
    const c = context(train, i)
    contexts.add(c)
    counts.add(c * vocabulary + train[i]!)
  }
  let nats = 0
  for (let i = n - 1; i < heldOut.length; i++) {
    const c = context(heldOut, i)
    nats -= Math.log((counts.at(c * vocabulary + heldOut[i]!) + add) / (contexts.at(c) + add * vocabulary))
  }
  return nats / (heldOut.length - n + 1)
}

/** Floors of a held-out text. Documents are taken as one text. Vocabularies of up to 200,000 tokens. */
export function floorsOf(train: TokenText, heldOut: TokenText, vocabulary: number): Floors {
  const [a, b] = [train, heldOut].map(t => Int32Array.from(t.tokens.data as BigInt64Array, Number)) as [Int32Array, Int32Array]
  return {
    uniform: Math.log(vocabulary),
    unigram: ngram(1, 1, a, b, vocabulary),
    bigram: ngram(2, 1, a, b, vocabulary),
    trigram: ngram(3, 0.1, a, b, vocabulary),
  }
}
