export { type ByteSink, type ByteSource, MemorySink, memorySource } from './bytes.ts'
export { CheckpointError } from './error.ts'
export { type ArrayType, flatArrays, treeFromArrays } from './fit.ts'
export { bf16FromF32, f16FromF32 } from './half.ts'
export type { Json } from './record.ts'
export {
  openSafetensors,
  type Safetensors,
  type SafetensorsItem,
  type SafetensorsStream,
  streamSafetensors,
  writeSafetensors,
} from './safetensors.ts'
export type { SafetensorsEntry } from './safetensors-header.ts'
export * from './state.ts'
export { decodePiece, encodeArray, type StoredDtype, storedBytes, viewBytes } from './stored.ts'
export * from './torch.ts'
export type { TorchRule, TorchRules, TorchTarget } from './torch-map.ts'
export { TorchStorage, TorchTensor } from './torch-world.ts'
