/** The operators that users call, chapter by chapter. */
export { clip, elu, gelu, leakyRelu, logSigmoid, mish, selu, silu, squaredRelu } from './activation.ts'
export { constant, type Operand } from './constant.ts'
export { type ConvOptions, conv, convTranspose } from './conv.ts'
export { einsum } from './einsum.ts'
export {
  abs,
  add,
  and,
  cast,
  ceil,
  cos,
  div,
  equal,
  erf,
  exp,
  floor,
  greater,
  greaterEqual,
  isFinite,
  isNaN,
  less,
  lessEqual,
  log,
  maximum,
  minimum,
  mod,
  mul,
  neg,
  not,
  notEqual,
  or,
  pow,
  relu,
  round,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  sub,
  tanh,
  where,
} from './elementwise.ts'
export { causalMask, eye, full, iota, ones, repeat, tile, tril, trilMask, triu, zeros } from './fill.ts'
export { gather, oneHot, scatterAdd, scatterAlongAxis, segmentSum, takeAlongAxis } from './gather.ts'
export {
  binaryCrossEntropy,
  type CrossEntropyOptions,
  crossEntropy,
  hinge,
  huber,
  klDivergence,
  klNormal,
  mae,
  mse,
  type Reduction,
  softCrossEntropy,
} from './loss.ts'
export { matmul } from './matmul.ts'
export { batchMoments, batchNorm, groupNorm, layerNorm, moments, rmsNorm } from './normalize.ts'
export { argsort, cumsum, sort, topK } from './order.ts'
export { avgPool, maxPool, type PoolOptions } from './pool.ts'
export { all, any, argMax, argMin, max, mean, min, norm, prod, sum, sumTo, variance } from './reduce.ts'
export { at, broadcastTo, concat, expandDims, pad, reshape, reverse, slice, split, squeeze, stack, transpose } from './shape.ts'
export { logSoftmax, logSumExp, softmax } from './softmax.ts'
export type { Padding, WindowOptions } from './window.ts'
