/** The tensor engine on Node: its runtime, and files. */
export { createArena } from './kernel.ts'
export { type NodeRuntimeOptions, nodeRuntime } from './runtime.ts'
export { type CheckpointFileOptions, checkpointFile, csvLog, jsonLinesLog, plotLog, tensorBoardLog, terminalLog } from './train.ts'
