/** µTransfer: settings that are found on a narrow model and used on a wide one (Yang et al. 2022, "Tensor Programs V", arXiv 2203.03466). */
export { type BaseShapes, baseFacts, baseShapes, withBase } from './base-shapes.ts'
export {
  type CoordOptions,
  type CoordRecord,
  type CoordSlope,
  type CoordVerdict,
  coordCheck,
  coordPlot,
  coordSlopes,
  coordVerdict,
} from './coord-check.ts'
export { type DepthOptions, preNormOfDepth } from './depth.ts'
export { MupError } from './error.ts'
export { type Classified, classify, type Kind } from './kind.ts'
export { type MupOptions, mup } from './mup.ts'
export { type Optimizer, type Scaling, scalingOf, type TableName } from './tables.ts'
export { type Shapes, type TorchRow, torchTable } from './torch-table.ts'
export { rungs, survivors } from './tune/halving.ts'
export { atEdges, type Curve, type Trial, type TuneReport, tunePage } from './tune/report.ts'
export { drawnOf, gridOf } from './tune/space.ts'
export { type Choice, defineTuning, type Settings, type Tuning } from './tune/tuning.ts'
