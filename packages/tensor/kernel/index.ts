// What the host calls. Addresses are bytes in the arena's memory; lengths are elements. No static data, no state but the scratch address,
// so that several instances can work on one memory.
export { setScratch } from './constants'
export { fillBernoulli, fillBits, fillDropout, fillNormal, fillUniform } from './draw'
export { axpy, clamp, lerp, scale } from './linear'
export { firstNonFinite, sumOfSquaresChunks } from './reduce'
export { sgd, sgdMomentum } from './sgd'
export { adam } from './adam'
export { factoredMoments, factoredScales, factoredSumOfSquares, factoredUpdate, unfactoredMoments, unfactoredSumOfSquares, unfactoredUpdate } from './adafactor'
export { addSegments, scatterAddRows } from './scatter'
export { geluBackward } from './gelu'
export { layerNormBackward, softmaxBackward } from './normalize'
