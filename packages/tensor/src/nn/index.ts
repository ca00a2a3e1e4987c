/** Layers: plain values with `init` and `apply` over trees of parameters. */
export { type AttentionOptions, attention } from './attention.ts'
export { type BlockOptions, block, type FfnOptions, ffn } from './block.ts'
export { fn, type Residual, repeat, residualRule, sequence } from './compose.ts'
export { Context, type ContextOptions, type Multiplier, type Observer, type Use } from './context.ts'
export { type ConvOptions, conv1d, conv2d, convTranspose, flattenLayer as flatten } from './conv.ts'
export { type CrossAttentionOptions, crossAttention, encoderDecoder } from './cross-attention.ts'
export { baseOf, type Dim, dim, quotient, type Size, sizeOf, times, widthOf } from './dim.ts'
export { draw } from './draw.ts'
export { dropout } from './dropout.ts'
export { type Embedding, embedding, learnedPositions, positionOf, sinusoidalPositions } from './embedding.ts'
export {
  countParameters,
  type DecoderSize,
  factorsOf,
  type Layer,
  type LayerParts,
  layer,
  type Parametrisation,
  parametrise,
  type Values,
} from './layer.ts'
export { type LinearOptions, linear, scaledUse, useOf } from './linear.ts'
export { batchNorm, groupNorm, layerNorm, type NormOptions, rmsNorm, type Spectral, spectral, spectralNorm } from './norm.ts'
export * from './parameter.ts'
export { gru, lstm, type RecurrentOptions } from './recurrent.ts'
export { postNorm, preNorm } from './residual.ts'
