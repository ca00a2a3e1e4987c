export { RenderError } from './errors.ts'
export { KERNEL_SHA256 } from './generated/kernel-hash.ts'
export { createRenderer } from './renderer.ts'
export { sensed } from './sensor/sensed.ts'
export { pixelFilterOffset } from './tables.ts'
export type {
  CreateRenderer,
  Hits,
  Light,
  LightSplit,
  LoadedScene,
  RadianceFrame,
  RadianceRequest,
  RayQuery,
  Rays,
  Renderer,
} from './types.ts'
export type { View } from './view/display.ts'
export { toDisplay, VIEWS } from './view/display.ts'
