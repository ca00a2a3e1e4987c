// What the host calls.
export { fillAlbedo, fillAlbedo2, fillSheenAlbedo } from './albedo'
export { build, emitBlocks, emitSingles, moveBlocks, refit, triangleRefs } from './build'
export { denoise, denoiseBeside, denoiseBytes } from './denoise'
export { reduce } from './mip'
export { render } from './path'
export { castRays } from './query'
export function heapBase(): usize { return __heap_base }
