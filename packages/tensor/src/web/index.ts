/** The tensor engine in a page or a web worker. */
export { createArena } from './kernel.ts'
export { type WebRuntimeOptions, webRuntime } from './runtime.ts'
