/** The tensor engine on Node: its runtime, and files. */
export { withFile, writeFileAtomic } from './files.ts'
export { loadArraysFile, loadStateFile, loadTorchFile, saveStateFile } from './files-checkpoint.ts'
export { loadOnnx, type SaveOnnxOptions, saveOnnx } from './files-onnx.ts'
export { createArena } from './kernel.ts'
export { type NodeRuntimeOptions, nodeRuntime } from './runtime.ts'
export {
  type CheckpointFileOptions,
  checkpointFile,
  csvLog,
  jsonLinesLog,
  loadPart,
  plotLog,
  tensorBoardLog,
  terminalLog,
} from './train.ts'
