/** Data as batches. */
export { type Batches, type BatchOptions, batches, type Columns, mapBatches, takeRows } from './batches.ts'
export { type Clip, type ClipSet, type FrameOptions, frameSamples } from './clips.ts'
export { type Csv, readCsv } from './csv.ts'
export { type ImageOptions, imagesOf, type JitterOptions, jitter } from './images.ts'
export { gunzip, readNpy } from './npy.ts'
export { type Samples, sampleBatches, stackArrays } from './samples.ts'
export { type ColumnCode, encodeTable, fitTable, type TableArrays, type TableCode, type TableOptions } from './table.ts'
export { allWindows, randomWindows, type TextWindow, type TextWindowOptions, type Vocabulary, vocabulary } from './text.ts'
