// What the host calls.
export { build, emitBlocks, emitSingles, triangleRefs } from './build'
export { castRays } from './query'
export function heapBase(): usize { return __heap_base }
