/** Which assets a data set is made from and which are kept for its test. */
import { Key } from '@dioramic/scene'

export const SPLITS = ['train', 'test', 'all'] as const
export type Split = (typeof SPLITS)[number]

/**
 * The ids of a split, in alphabetical order. `test` is a share of all of them (rounded, as Kubric's `get_test_split`), `train` the others: every clip, seed
 * and machine agrees on them. Each id is ranked by its own name alone, so a new asset moves at most one other across.
 *
 * @param share of the test split, 0–1; Kubric's is 0.1
 */
export function splitIds(ids: Iterable<string>, split: Split, share = 0.1): string[] {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`split: the share ${share} is not between 0 and 1`)
  const all = [...new Set(ids)].sort()
  if (split === 'all') return all
  const rank = new Map(all.map(id => [id, Key.fromSeed(42).fork('split').fork(id).uniform()]))
  const ranked = [...all].sort((a, b) => rank.get(a)! - rank.get(b)! || (a < b ? -1 : 1))
  const test = new Set(ranked.slice(0, Math.round(share * all.length)))
  return all.filter(id => test.has(id) === (split === 'test'))
}
