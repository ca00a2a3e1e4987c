/** Running experiments on Node. */
export { findExperiment, LabError, type LabEvent, type RunOptions, runExperiment } from './run.ts'
