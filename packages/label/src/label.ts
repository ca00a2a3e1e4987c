/** The contract of a label: one file each. */

import type { ClipArray, Layer, LayerSpec } from '@dioramic/data'
import type { Motion } from '@dioramic/physics'
import type { Hits, LightSplit, RayQuery } from '@dioramic/render'
import type { CameraState, Key, ResolvedScene } from '@dioramic/scene'

/** All that labels of one frame may read. */
export interface FrameContext {
  readonly resolved: ResolvedScene
  readonly motion: Motion
  /** Index into `scene.cameras`. */
  readonly camera: number
  readonly frame: number
  /** Seconds, mid-exposure: frame / fps. */
  readonly time: number
  /** The camera at any time. */
  cameraAt(t: number): CameraState
  /** When raster height `v` of the picture `step` frames on is exposed, seconds: that frame's time, but for a rolling shutter. */
  rowTime(step: number, v: number): number
  /** Ray casts against the scene at any time. */
  rays(t: number): RayQuery
  /** The first surface through each pixel's centre at its row's time, row-major; t is in units of the directions of `frameRays`. */
  readonly primary: Hits
  /** Randomness of the clip's labels; null where nobody gave it. */
  readonly key: Key | null
  /** The frame's light in parts, as the picture shows it (denoised or not); null where nobody traced it. */
  readonly light: LightSplit | null
}

/** All that a label of a whole clip may read. */
export interface ClipContext {
  readonly resolved: ResolvedScene
  readonly motion: Motion
  /** Index into `scene.cameras`. */
  readonly camera: number
  /** Randomness of the clip's labels. */
  readonly key: Key
  /** The context of one frame. */
  frame(frame: number): FrameContext
}

/** A label that fills pixels. */
export interface PixelLabel {
  readonly kind: 'pixels'
  readonly spec: LayerSpec
  /** Labels without which this one cannot be read; choosing it chooses them. */
  readonly with?: readonly string[]
  /** Whether it reads `context.light`: whoever renders the frame must ask for its split. */
  readonly light?: true
  compute(context: FrameContext): Layer
}

/** JSON fields said of one object. */
export type Fields = Readonly<Record<string, unknown>>

/** What a label says of one instance in one frame: JSON fields merged into the frame's instance record. */
export interface InstanceLabel {
  readonly kind: 'instances'
  readonly name: string
  /** As of a `PixelLabel`. */
  readonly with?: readonly string[]
  readonly definition: string
  /** One record an object of the scene, in the scene's order. */
  compute(context: FrameContext): readonly Fields[]
}

/** What a label says of one instance for the whole clip: JSON fields merged into the clip's instance record. */
export interface ConstantLabel {
  readonly kind: 'constants'
  readonly name: string
  readonly definition: string
  /** One record an object of the scene, in the scene's order. */
  compute(resolved: ResolvedScene, motion: Motion): readonly Fields[]
}

/** A label of the whole clip that is arrays: `<name>.npz` beside sample.json. */
export interface ArrayLabel {
  readonly kind: 'arrays'
  readonly name: string
  /** Whether it is the same through every camera, so that the clip has it once. */
  readonly shared?: true
  readonly definition: string
  compute(context: ClipContext): Readonly<Record<string, ClipArray>>
}

/** A label of a frame (`camera`, `lights`) or of a clip (`events`) that belongs to no instance. `labelFrame` and `labelClip` write it. */
export interface GlobalLabel {
  readonly kind: 'frame' | 'clip'
  readonly name: string
  /** As of a `PixelLabel`. */
  readonly with?: readonly string[]
  readonly definition: string
}

export type Label = PixelLabel | InstanceLabel | ConstantLabel | ArrayLabel | GlobalLabel

export const labelName = (label: Label): string => (label.kind === 'pixels' ? label.spec.name : label.name)
export const labelDefinition = (label: Label): string => (label.kind === 'pixels' ? label.spec.definition : label.definition)

/** A label that cannot be made or was not understood: what, where and what to do. */
export class LabelError extends Error {
  override readonly name = 'LabelError'
}
