/** What clips are made from: a world with its config, or one fixed scene. Both are plain enough to describe in a recipe. */
import { type Assets, type Key, type SceneInput, suggest } from '@dioramic/scene'
import { SceneBuilder, type World } from '@dioramic/worlds'
import { z } from 'zod'
import { GenerateError, isOutOfMemory, QuarantineError } from './error.ts'

export interface Source {
  /** Name in keys, recipes and samples. */
  readonly name: string
  /** Whole configuration, defaults filled in; for a scene, the scene itself. */
  readonly config: unknown
  /** Extra hashes of what the clips depend on, by name. */
  readonly hashes: Readonly<Record<string, string>>
  build(key: Key, assets: Assets): Promise<SceneInput>
}

/**
 * A world with a configuration.
 *
 * @param config values for the world's config; unknown names and values out of range throw, naming field and range
 */
export function worldSource(
  world: World,
  name: string,
  config: Readonly<Record<string, unknown>>,
  hashes: Readonly<Record<string, string>> = {},
): Source {
  const full = parseConfig(world, name, config)
  return {
    name,
    config: full,
    hashes,
    async build(key, assets) {
      const built = await attempt(name, async () => world.build({ key, config: full, assets }))
      if (typeof built !== 'object' || built === null)
        throw new QuarantineError(
          'world',
          `world ${name} returned ${String(built)}; its build must return a scene, such as: return scene().add(…)`,
        )
      if (built instanceof SceneBuilder) return built.finish(assets)
      // A world file may hold its own copy of the toolkit: then the class differs, the method does not.
      if (typeof (built as { finish?: unknown } | null)?.finish === 'function') return (built as unknown as SceneBuilder).finish(assets)
      return built as SceneInput
    },
  }
}

/** Runs a world's own code. What our packages throw speaks for itself; anything else is told with the place in the world's file. */
async function attempt<T>(name: string, build: () => Promise<T>): Promise<T> {
  try {
    return await build()
  } catch (e) {
    if (e instanceof Error && !/^(Error|TypeError|RangeError|ReferenceError|SyntaxError)$/.test(e.name)) throw e
    if (isOutOfMemory(e)) throw e
    const line = e instanceof Error ? /\n\s+at .*?([^/\\]+\.[cm]?[jt]s:\d+)/.exec(e.stack ?? '')?.[1] : undefined
    throw new QuarantineError('world', `world ${name} failed${line ? ` at ${line}` : ''}: ${e instanceof Error ? e.message : String(e)}`, {
      cause: e,
    })
  }
}

/** A scene written down as JSON: every clip is this scene, rendered with its own sampling. */
export function sceneSource(scene: SceneInput): Source {
  return { name: 'scene', config: scene, hashes: {}, build: async () => scene }
}

/** Checks a config against the world's schema and fills in defaults. */
export function parseConfig(world: World, name: string, config: Readonly<Record<string, unknown>>): unknown {
  const shape = (world.config as unknown as { shape?: Record<string, unknown> }).shape
  const unknown = shape && Object.keys(config).find(k => !Object.hasOwn(shape, k))
  if (shape && unknown !== undefined)
    throw new GenerateError(`world ${name} has no setting "${unknown}"; ${suggest(unknown, Object.keys(shape))}`)
  const parsed = world.config.safeParse(config)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new GenerateError(`--config ${issue.path.join('.') || name}: ${issue.message}`)
  }
  return parsed.data
}

/** The JSON schema of a world's settings, for `diorama worlds`. */
export const configSchema = (world: World): Record<string, unknown> =>
  z.toJSONSchema(world.config, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
