/** Diorama's tensor engine: traced graphs, their derivatives, and the runtimes that train them. */
export { customGradient, stopGradient } from './autodiff/custom.ts'
export { hvp, jvp } from './autodiff/jvp.ts'
export { grad, valueAndGrad, valueAndGradWith, vjp } from './autodiff/vjp.ts'
export * from './checkpoint/index.ts'
export { hostCall } from './control/host-call.ts'
export { type ScanAttrs, scan } from './control/scan.ts'
export * from './decode/index.ts'
export { ShapeError, TensorError } from './error.ts'
export { bool, f32, i64, item, type NDArray, numbersOf, zerosOf } from './graph/array.ts'
export { type DType, type Shape, spec, type Type } from './graph/dtype.ts'
export { Tensor } from './graph/tensor.ts'
export { type Graph, substitute, trace } from './graph/trace.ts'
export { flatten, leaves, mapTree, type Tree } from './graph/tree.ts'
export { reachable } from './graph/visit.ts'
export { interpret } from './interpret/interpret.ts'
export type { Arena } from './kernel/arena.ts'
export * from './loaders/index.ts'
export * as nn from './nn/index.ts'
export { type ExportOptions, exportOnnx, type SymbolicType } from './onnx/export/index.ts'
export { importOnnx, type OnnxInput, type OnnxModel } from './onnx/import/index.ts'
export { OnnxError } from './onnx/proto/error.ts'
export * from './ops/index.ts'
export * as optim from './optim/index.ts'
export * from './plan/index.ts'
export { drawPermutation } from './random/draw.ts'
export { Key } from './random/key.ts'
export {
  bernoulli,
  categorical,
  dropout,
  fork,
  gumbel,
  permutation,
  randomInt,
  randomMask,
  randomNormal,
  randomUniform,
  splitKey,
  stackedKeys,
} from './random/ops.ts'
export { fillNormal, fillUniform } from './random/philox.ts'
export * from './train/index.ts'
