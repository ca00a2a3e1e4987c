/** The sliding window: which of the keys of a block and of the one before it a query sees, and at what distance. */

/**
 * Row q, column k: whether token q of a block sees key k, where keys 0 … w − 1 are the previous block's and w … 2w − 1 the block's own. Relative place r = k − (q + w); seen is −w ≤ r < 0,
 * so every token sees exactly the w tokens before it, and not itself (the rule of the paper's code, google-research/meliad).
 */
export const windowMask = (w: number): boolean[][] =>
  Array.from({ length: w }, (_, q) => Array.from({ length: 2 * w }, (_, k) => k >= q && k < q + w))

/** Buckets of T5's relative bias (Raffel et al. 2020). */
export const BUCKETS = 32
const EXACT = BUCKETS / 2
const FARTHEST = 128

/**
 * T5's bucket of a distance n ≥ 0 backwards, one-directional: its own bucket below 16, then logarithmic up to 128, then the last. In double precision with a nudge of 1e-9, so that
 * powers of the base fall where they belong.
 */
export const bucketOf = (n: number): number =>
  n < EXACT ? n : Math.min(BUCKETS - 1, EXACT + Math.floor((EXACT * Math.log(n / EXACT)) / Math.log(FARTHEST / EXACT) + 1e-9))
