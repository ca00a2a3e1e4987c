/** Training: the gated step, the loop around it, logs and plots. */
export { type FinderOptions, type FinderResult, findLearningRate } from './finder.ts'
export { csvOf, duration, jsonLine, type Log, type LogEntry, MemoryLog, progressLine } from './log.ts'
export { type Checkpoint, type FitOptions, type FitResult, fit, type RunRecord, type Saved } from './loop.ts'
export { lossPlot, type PlotOptions, plot, type Series } from './plot.ts'
export { type Diagnosis, NonFiniteError } from './replay.ts'
export { type Loss, type Metrics, type StepResult, Training, type TrainOptions, type TrainRecord, trainStep } from './step.ts'
export type { StopOptions } from './stop.ts'
export { eventFileName, eventHeader, scalarEvent } from './tensorboard.ts'
