export type { ClipInstance, ClipLabels } from './clip.ts'
export { labelClip } from './clip.ts'
export type { FrameContextInput } from './context.ts'
export { clipContext, frameContext } from './context.ts'
export { INVALID, OCCLUDED, OUT_OF_FRAME } from './flow.ts'
export type { FrameLabels, InstanceRecord } from './frame.ts'
export { labelFrame } from './frame.ts'
export type {
  ArrayLabel,
  ClipContext,
  ConstantLabel,
  Fields,
  FrameContext,
  GlobalLabel,
  InstanceLabel,
  Label,
  PixelLabel,
} from './label.ts'
export { LabelError, labelDefinition, labelName } from './label.ts'
export type { CameraRecord } from './labels/camera.ts'
export type { CollisionEvent } from './labels/events.ts'
export { clipEvents } from './labels/events.ts'
export { DEFAULT_LABELS, LABELS, PRESETS } from './registry.ts'
export { selectLabels } from './select.ts'
export type { LayerName } from './specs.ts'
export { LAYER_SPECS } from './specs.ts'
