/** Optimisers, schedules, and what surrounds them. */
export { type AdafactorOptions, adafactor } from './adafactor.ts'
export { type AdamOptions, adam, adamw } from './adam.ts'
export type { Method, Moment, Target } from './method.ts'
export {
  chain,
  clipByGlobalNorm,
  clipByValue,
  type EmaOptions,
  ema,
  type Factors,
  freeze,
  noDecay,
  type Rule,
  type RulePart,
  scaleUpdates,
} from './rule.ts'
export {
  constantRate,
  cosine,
  type DecayOptions,
  inverseSqrt,
  linearDecay,
  type OneCycleOptions,
  oneCycle,
  piecewise,
  type Schedule,
  scheduleOf,
  warmup,
} from './schedule.ts'
export { type SgdOptions, sgd } from './sgd.ts'
