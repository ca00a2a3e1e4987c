export { RenderError } from './errors.ts'
export { KERNEL_SHA256 } from './generated/kernel-hash.ts'
export { createRenderer } from './renderer.ts'
export type { CreateRenderer, Hits, LoadedScene, RadianceFrame, RadianceRequest, RayQuery, Rays, Renderer } from './types.ts'
