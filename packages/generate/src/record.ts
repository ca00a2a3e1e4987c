/** What a sample says of its clip as a whole, and of one frame, from the labels' words. */

import { clipFile, encodeArrays, type FrameRecord, type OutsideRecord, type SampleFile, type SampleHead, viewFolder } from '@dioramic/data'
import { clipContext, type FrameLabels, type Label, labelClip } from '@dioramic/label'
import type { LoadedScene } from '@dioramic/render'
import type { Clip } from './clip.ts'

/** Made once a clip, by whoever opens it. */
export interface ClipHead {
  readonly head: Omit<SampleHead, 'hashes' | 'configHash' | 'bytesEpoch'>
  readonly before: OutsideRecord
  readonly after: OutsideRecord
  /** Labels of the whole clip that are files. */
  readonly files: readonly SampleFile[]
}

export function clipHead(clip: Clip, loaded: LoadedScene, labels: readonly Label[]): ClipHead {
  const { scene, resolved, motion, source } = clip
  const tell = (camera: number) =>
    labelClip(clipContext({ resolved, motion, rays: t => loaded.rays(t), camera, key: clip.key.fork('labels') }), labels)
  const first = tell(0)
  const { instances, events, language, before, after } = first
  const others = scene.cameras.slice(1).map((camera, v) => ({ camera, told: tell(v + 1) }))
  const shared = new Set(labels.flatMap(l => (l.kind === 'arrays' && l.shared ? [l.name] : [])))
  const filesOf = (folder: string, arrays: typeof first.arrays) =>
    Object.entries(arrays)
      .filter(([name]) => folder === '' || !shared.has(name))
      .map(([name, members]) => ({ path: `${folder}${clipFile(name)}`, bytes: encodeArrays(members) }))
  return {
    head: {
      world: source.name,
      config: source.config as never,
      seed: clip.seed,
      index: clip.index,
      resolution: scene.cameras[0]!.resolution,
      fps: scene.fps,
      frames: scene.frames,
      gravity: scene.gravity,
      metadata: scene.metadata as never,
      environment: (scene.environment ?? null) as never,
      objects: instances,
      ...(language ? { language } : {}),
      collisions: (events ?? []) as unknown as SampleHead['collisions'],
      ...(others.length === 0
        ? {}
        : {
            views: others.map(({ camera, told }) => ({
              camera: camera.name,
              resolution: camera.resolution,
              collisions: (told.events ?? []) as unknown as SampleHead['collisions'],
            })),
          }),
    },
    before,
    after,
    files: [...filesOf('', first.arrays), ...others.flatMap(({ camera, told }) => filesOf(viewFolder(camera.name), told.arrays))],
  }
}

/** The record of one frame from the labels of its cameras. Poses are always in it: nothing else makes sense without them. */
export function frameRecord({ scene, motion }: Clip, frame: number, told: readonly FrameLabels[]): FrameRecord {
  const t = frame / scene.fps
  const [first, ...others] = told
  const instancesOf = ({ instances }: FrameLabels) => instances.map((i, k) => ({ ...motion.pose(scene.objects[k]!.id, t), ...i }))
  return {
    frame,
    cameras: told.map(v => v.camera),
    lights: first!.lights ?? [],
    instances: instancesOf(first!),
    ...(others.length === 0 ? {} : { views: others.map(instancesOf) }),
  }
}
