/** Tables: from a file's bytes to a model with its preprocessing inside, judged and explained. */
export { coded, featuresOf, fitCode, rawRows, type TableCode } from './code.ts'
export { type Column, type ColumnChoice, categoryOf, isGap, numberOf, numbersOfColumn, takeColumn, typedColumns } from './columns.ts'
export { TabularError } from './error.ts'
export { onnxOf, type TabularFile, tabularFileOf } from './file.ts'
export { type FitEvent, type FitTableOptions, fitTable, type TabularFit, type TabularModel, type Trial } from './fit.ts'
export { areaUnderCurve, type Importance, importanceOf, type Judged, type Metric, metricsOf, orderBy } from './metrics.ts'
export { formatOf, readTable, type TableFormat } from './read.ts'
export { calibrationOf, reportOf, reportPage } from './report.ts'
export {
  type Distribution,
  momentsOf,
  quantileCount,
  quantileScaling,
  type Scaling,
  type ScalingKind,
  scaled,
  standardScaling,
} from './scaling.ts'
export { BACKBONES, columnsOf, defaultSettings, drawnSettings, type ModelSettings, modelOf, type Settings } from './settings.ts'
export { givenSplit, randomSplit, type Shares, type Split } from './split.ts'
export { leaks } from './suspicions.ts'
export { type Cell, columnOf, type RawTable, rawTable, takeTableRows } from './table.ts'
export { type Target, type Task, targetOf } from './target.ts'
export {
  type Engine,
  type EpochReport,
  lossOf,
  type Outputs,
  predictor,
  type Rows,
  type TrainedRows,
  type TrainingSettings,
  trainRows,
} from './train.ts'
