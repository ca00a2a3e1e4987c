// What the host calls.
export { fillAlbedo } from './albedo'
export { build, emitBlocks, emitSingles, moveBlocks, refit, triangleRefs } from './build'
export { denoise, denoiseBytes } from './denoise'
export { render } from './path'
export { castRays } from './query'
export function heapBase(): usize { return __heap_base }
