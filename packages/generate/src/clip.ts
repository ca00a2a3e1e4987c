/** One clip: its scene, everything that the scene refers to, and where everything moves. A pure function of (source, seed, index, settings, assets). */
import { initPhysics, type Motion } from '@dioramic/physics'
import { type Assets, Key, type ResolvedScene, resolveScene, type Scene, type SceneInput, sceneSchema } from '@dioramic/scene'
import { withEnvironments } from './environments.ts'
import { QuarantineError } from './error.ts'
import type { Settings } from './settings.ts'
import type { Source } from './source.ts'

export interface Clip {
  readonly source: Source
  readonly seed: number
  readonly index: number
  readonly settings: Settings
  /** All randomness of the clip. */
  readonly key: Key
  readonly scene: Scene
  readonly resolved: ResolvedScene
  readonly motion: Motion
}

/** The key of a clip: the seed, split by world and index. */
export const clipKey = (seed: number, world: string, index: number): Key => Key.fromSeed(seed).fork(world).fork('clip').fork(index)

/** The scene of a clip, sized as the settings say, checked and frozen. */
export async function clipScene(source: Source, key: Key, settings: Settings, assets: Assets): Promise<Scene> {
  const input = await source.build(key, assets)
  const sized: SceneInput = {
    ...input,
    ...(settings.frames === null ? {} : { frames: settings.frames }),
    cameras: settings.size === null ? input.cameras : input.cameras?.map(c => ({ ...c, resolution: settings.size! })),
  }
  const parsed = sceneSchema.safeParse(sized)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new QuarantineError('scene', `${source.name} made a scene that is not valid: ${issue.path.join('.')}: ${issue.message}`)
  }
  return parsed.data
}

/** Builds, resolves and simulates a clip. */
export async function makeClip(options: {
  readonly source: Source
  readonly seed: number
  readonly index: number
  readonly settings: Settings
  readonly assets: Assets
}): Promise<Clip> {
  const { source, seed, index, settings, assets } = options
  const key = clipKey(seed, source.name, index)
  const scene = await clipScene(source, key.fork('world'), settings, assets)
  const resolved = resolveScene(scene, await withEnvironments(scene, assets))
  const physics = await initPhysics()
  return { source, seed, index, settings, key, scene, resolved, motion: physics.simulate(resolved) }
}
