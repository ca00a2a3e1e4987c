/** Tables: models of rows with numbers and categories. */
export { TabularError } from './error.ts'
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
