/** What counting reaches: the loss of a text's tokens under the frequencies of another's. */

/** Mean nats of `targets`, of which `before` are the tokens before, when single tokens and pairs are counted in `train`; each count one more than it is, so that nothing is impossible. */
export function countingFloors(
  train: ArrayLike<number>,
  before: ArrayLike<number>,
  targets: ArrayLike<number>,
  vocabulary: number,
): { readonly unigram: number; readonly bigram: number } {
  const single = new Float64Array(vocabulary).fill(1)
  const pairs = new Float64Array(vocabulary * vocabulary).fill(1)
  const rows = new Float64Array(vocabulary).fill(vocabulary)
  for (let i = 0; i < train.length; i++) {
    single[train[i]!]!++
    if (i === 0) continue
    pairs[train[i - 1]! * vocabulary + train[i]!]!++
    rows[train[i - 1]!]!++
  }
  let [unigram, bigram] = [0, 0]
  for (let i = 0; i < targets.length; i++) {
    unigram -= Math.log(single[targets[i]!]! / (train.length + vocabulary))
    bigram -= Math.log(pairs[before[i]! * vocabulary + targets[i]!]! / rows[before[i]!]!)
  }
  return { unigram: unigram / targets.length, bigram: bigram / targets.length }
}
