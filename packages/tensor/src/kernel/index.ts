export {
  type AdafactorUpdate,
  adafactor,
  adafactorVector,
  type FactoredMoment,
  type FactoredScratch,
  factoredScratch,
} from './adafactor.ts'
export { Arena, type ArenaOptions, type ArenaView, type Helper } from './arena.ts'
export {
  addSortedRows,
  geluBackward,
  type LayerNormSaved,
  layerNormBackward,
  type SortedRows,
  scatterAddRows,
  softmaxBackward,
  sortRows,
} from './backward.ts'
export { fillBernoulli, fillBits, fillDropout, fillNormal, fillUniform } from './fills.ts'
export { type HelperSetup, serve } from './helper.ts'
export {
  type AdamUpdate,
  adam,
  axpy,
  clamp,
  firstNonFinite,
  lerp,
  power,
  type SgdUpdate,
  scale,
  sgd,
  sumOfSquares,
  type Update,
} from './passes.ts'
