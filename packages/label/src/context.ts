/** Builds the contexts that all labels of one frame, and of one clip, read. */
import type { Motion } from '@dioramic/physics'
import type { Hits, RayQuery } from '@dioramic/render'
import { cameraAt, type Key, type ResolvedScene } from '@dioramic/scene'
import { type ClipContext, type FrameContext, LabelError } from './label.ts'
import { frameDirections } from './pixels.ts'

export interface FrameContextInput {
  readonly resolved: ResolvedScene
  readonly motion: Motion
  /** Ray casts at any time; `t => loaded.rays(t)` of the renderer. */
  rays(t: number): RayQuery
  /** Index into `scene.cameras`; 0 by default. */
  readonly camera?: number
  /** 0 … frames − 1. */
  readonly frame: number
}

/** Primary rays are cast when the first label asks for them, so that labels without pixels cost no ray. Throws `LabelError` for a frame or camera that the scene does not have. */
export function frameContext(input: FrameContextInput): FrameContext {
  const { resolved, motion, frame } = input
  const { scene } = resolved
  const index = input.camera ?? 0
  const camera = scene.cameras[index]
  if (!camera) throw new LabelError(`Camera ${index} does not exist: the scene has cameras 0 to ${scene.cameras.length - 1}.`)
  if (!Number.isInteger(frame) || frame < 0 || frame >= scene.frames)
    throw new LabelError(`Frame ${frame} does not exist: the scene has frames 0 to ${scene.frames - 1}.`)
  let primary: Hits | null = null
  const context: FrameContext = {
    resolved,
    motion,
    camera: index,
    frame,
    time: frame / scene.fps,
    cameraAt: t => cameraAt(camera, t),
    rays: t => input.rays(t),
    get primary() {
      primary ??= castPrimary(context)
      return primary
    },
  }
  return context
}

function castPrimary(context: FrameContext): Hits {
  const { width, height, position } = context.cameraAt(context.time)
  const count = width * height
  const origins = new Float64Array(3 * count)
  for (let i = 0; i < origins.length; i += 3) origins.set(position, i)
  return context.rays(context.time).closest({ count, origins, directions: frameDirections(context), tMin: 0, tMax: Infinity })
}

/** The same for a clip; `key` is the randomness of its labels. */
export function clipContext(input: Omit<FrameContextInput, 'frame'> & { readonly key: Key }): ClipContext {
  const { resolved, motion, key } = input
  return { resolved, motion, camera: input.camera ?? 0, key, frame: frame => frameContext({ ...input, frame }) }
}
