/** Soups of checkpoints in files. */
export type { ScoreWeights } from './evaluator.ts'
export { withCheckpoints } from './files.ts'
export { makeSoup, type SoupEvent, type SoupOptions } from './soup.ts'
