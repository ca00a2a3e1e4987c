/** One clip: its scene, everything that the scene refers to, and where everything moves. A pure function of (source, seed, index, settings, assets). */
import { initPhysics, type Motion } from '@dioramic/physics'
import { type Assets, Key, type ResolvedScene, resolveScene, type Scene, type SceneInput, sceneSchema } from '@dioramic/scene'
import { vary } from '@dioramic/worlds'
import { calibratedCameras } from './calibrate-cameras.ts'
import { withEnvironments } from './environments.ts'
import { QuarantineError } from './error.ts'
import { issueText } from './issue.ts'
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

/** The scene of the clip with this key, varied and sized as the settings say, checked and frozen. */
export async function clipScene(source: Source, key: Key, settings: Settings, assets: Assets): Promise<Scene> {
  const built = await source.build(key.fork('world'), assets)
  const input = settings.variation ? await vary(built, key.fork('variation'), settings.variation, assets) : built
  const sized: SceneInput = {
    ...input,
    ...(settings.frames === null ? {} : { frames: settings.frames }),
    // What a program hands over may be anything: the schema says what is wrong with cameras that are no list.
    cameras: Array.isArray(input.cameras) ? camerasAsSet(input.cameras, settings) : input.cameras,
  }
  const parsed = sceneSchema.safeParse(sized)
  if (!parsed.success) {
    throw new QuarantineError('scene', `${source.name} made a scene that is not valid: ${issueText(parsed.error)}`)
  }
  return parsed.data
}

/** Cameras with the lenses, the size and the sensor of the settings. */
const camerasAsSet = (cameras: SceneInput['cameras'], { calibration, size, sensor }: Settings): SceneInput['cameras'] =>
  (calibration ? calibratedCameras(cameras, calibration) : cameras).map(c => ({
    ...c,
    ...(size === null ? {} : { resolution: size }),
    ...(sensor === undefined ? {} : { sensor: sensor ?? undefined }),
  }))

/**
 * Builds the clip's scene once more and throws when it is another: then the world draws from something that is not its key, and no clip of it
 * could be made again. The message names the first place that differs, not its values, which are new on every run.
 */
export async function requireRepeatable(clip: Clip, assets: Assets): Promise<void> {
  const again = await clipScene(clip.source, clip.key, clip.settings, assets)
  const path = firstDifference(clip.scene, again, [])
  if (!path) return
  throw new QuarantineError(
    'not-repeatable',
    `world ${clip.source.name} built two different scenes from one key (first at ${path.join('.')}); draw with key.fork('name'), never from a global generator, the clock or values kept between clips`,
  )
}

function firstDifference(a: unknown, b: unknown, path: readonly string[]): readonly string[] | undefined {
  if (Object.is(a, b)) return undefined
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return path
  for (const k of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = firstDifference((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k], [...path, k])
    if (found) return found
  }
  return undefined
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
  const scene = await clipScene(source, key, settings, assets)
  const resolved = resolveScene(scene, await withEnvironments(scene, assets))
  const physics = await initPhysics()
  return {
    source,
    seed,
    index,
    settings,
    key,
    scene,
    resolved,
    motion: physics.simulate(resolved, { rawContacts: settings.labels.includes('contacts') }),
  }
}
