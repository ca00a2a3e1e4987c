/** The lab: experiments, how they run, and what they claim. */
export {
  type Claim,
  type Evidence,
  exact,
  judge,
  type Measurement,
  mean,
  meanOf,
  measurementText,
  share,
  type Target,
  targetText,
} from './evidence.ts'
export { type Experiment, type Findings, type Job, type Json, type Part, part } from './experiment.ts'
export { experiments } from './experiments.ts'
export { claimsMarkdown, withFigures } from './markdown.ts'
export { page } from './page.ts'
