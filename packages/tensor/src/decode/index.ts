/** Texts from trained models. */
export { type Decoder, decoder, type GenerateOptions } from './generate.ts'
export { type SampleOptions, sampleToken } from './sample.ts'
