/** The tensor engine on Node: its runtime, and files. */
export { createArena } from './kernel.ts'
export { type NodeRuntimeOptions, nodeRuntime } from './runtime.ts'
