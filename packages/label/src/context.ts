/** Builds the contexts that all labels of one frame, and of one clip, read. */
import type { Motion } from '@dioramic/physics'
import type { Hits, LightSplit, RayQuery } from '@dioramic/render'
import { cameraAt, type Key, type ResolvedScene, rowTime } from '@dioramic/scene'
import { emptyHits, putHit } from './hits.ts'
import { type ClipContext, type FrameContext, LabelError } from './label.ts'
import { frameRays } from './pixels.ts'
import { rowsOf } from './rows.ts'

export interface FrameContextInput {
  readonly resolved: ResolvedScene
  readonly motion: Motion
  /** Ray casts at any time; `t => loaded.rays(t)` of the renderer. */
  rays(t: number): RayQuery
  /** Index into `scene.cameras`; 0 by default. */
  readonly camera?: number
  /** 0 … frames − 1. */
  readonly frame: number
  /** For labels that draw: randomness of the clip's labels, the same for all frames. */
  readonly key?: Key | undefined
  /** For labels of light. */
  readonly light?: LightSplit | undefined
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
    // The same quotient as frame ± 1 uses for its own time, so that both speak of the same instant to the last bit.
    rowTime: (step, v) => rowTime(camera, (frame + step) / scene.fps, v),
    rays: t => input.rays(t),
    key: input.key ?? null,
    light: input.light ?? null,
    get primary() {
      primary ??= castPrimary(context)
      return primary
    },
  }
  return context
}

function castPrimary(context: FrameContext): Hits {
  const { origins, directions } = frameRays(context)
  const width = context.resolved.scene.cameras[context.camera].resolution[0]
  const cast = (time: number, from: number, to: number) =>
    context.rays(time).closest({
      count: (to - from) * width,
      origins: origins.subarray(3 * from * width, 3 * to * width),
      directions: directions.subarray(3 * from * width, 3 * to * width),
      tMin: 0,
      tMax: Infinity,
    })
  const rows = rowsOf(context)
  if (rows.length === 1) return cast(rows[0].time, rows[0].from, rows[0].to)
  const hits = emptyHits(origins.length / 3)
  for (const { time, from, to } of rows) {
    const part = cast(time, from, to)
    for (let at = 0; at < part.t.length; at++) putHit(hits, from * width + at, part, at)
  }
  return hits
}

/** The same for a clip; `key` is the randomness of its labels. */
export function clipContext(input: Omit<FrameContextInput, 'frame' | 'light'> & { readonly key: Key }): ClipContext {
  const { resolved, motion, key } = input
  return { resolved, motion, camera: input.camera ?? 0, key, frame: frame => frameContext({ ...input, frame }) }
}
