export {
  boxesPicture,
  depthPicture,
  drawBoxes,
  flowPicture,
  normalPicture,
  rgbPicture,
  segmentationPicture,
} from './contact-sheet/columns.ts'
export { drawingSize, labelDrawings, labelSheet, pngOf } from './contact-sheet/labels.ts'
export { labelPage } from './contact-sheet/page.ts'
export { blank, box, line, type Picture, paste, type Rgb, resize, text } from './contact-sheet/picture.ts'
export { type ContactSheetOptions, contactSheet } from './contact-sheet/sheet.ts'
export { DataError } from './error.ts'
export { type Coco, cocoSchema, decodeCoco, encodeCoco } from './formats/coco.ts'
export { compressRuns, decodeRle, expandRuns, type Rle, runsById } from './formats/rle.ts'
export { shardView } from './formats/shard-view.ts'
export { packShards, SHARD_BYTES } from './formats/webdataset.ts'
export { factsOf, gatherFacts } from './language/facts.ts'
export {
  type Answer,
  type Facts,
  isRelated,
  MOVING,
  OPERATORS,
  type Operator,
  type Program,
  type ProgramStep,
  RELATIONS,
  type Relation,
  runProgram,
  type Thing,
} from './language/program.ts'
export type { Language, Question, Sentence } from './language/schema.ts'
export { type ClipArray, encodeArrays } from './layer/arrays.ts'
export { decodeLayer, type EncodedLayer, encodeLayer, physicalValues } from './layer/encode.ts'
export type { Layer, LayerDtype, LayerSpec } from './layer.ts'
export { merge } from './layout/merge.ts'
export {
  COCO_FILE,
  CONTACT_SHEET_FILE,
  clipFile,
  DATASET_FILE,
  layerFile,
  parseLayerFile,
  quarantineFile,
  RECIPE_FILE,
  RUN_LOG,
  SAMPLE_FILE,
  SHARD_INDEX_FILE,
  sampleFolder,
  sampleName,
  shardFile,
  viewFolder,
} from './layout/paths.ts'
export { DatasetReader, openDataset, SampleReader } from './layout/reader.ts'
export { reseal } from './layout/reseal.ts'
export { DatasetWriter, type SampleFile } from './layout/writer.ts'
export {
  assembleSample,
  type CameraRecord,
  type FrameRecord,
  type InstanceRecord,
  type OutsideRecord,
  type SampleHead,
} from './schema/assemble.ts'
export { CONVENTIONS } from './schema/conventions.ts'
export { canonicalJson, type Json, jsonBytes, parseJson, toJson } from './schema/json.ts'
export {
  type Dataset,
  datasetSchema,
  type FileEntry,
  type Quarantine,
  type Recipe,
  type RecipeInput,
  recipeSchema,
  type SampleEntry,
} from './schema/recipe.ts'
export { hashConfig, makeRecipe, parseRecipe, requireSamePlan } from './schema/recipe-make.ts'
export {
  type CameraPose,
  type CameraTrack,
  type Collision,
  type InstanceTrack,
  type Sample,
  type SampleBody,
  sampleSchema,
} from './schema/sample.ts'
export { type BlobInfo, type BlobStore, MissingBlob } from './store/blob-store.ts'
export { type Faults, FaultyStore, StoreFault } from './store/faulty-store.ts'
export { MemoryStore } from './store/memory-store.ts'
export {
  type CheckSummary,
  type ErrorStatistics,
  type Finding,
  GEOMETRY_CHECKS,
  type Note,
  type Report,
  reportPage,
  type ValidateOptions,
  validateDataset,
} from './validate/index.ts'
