export type { FrameContext, InstanceLabel, Label, PixelLabel } from './label.ts'
