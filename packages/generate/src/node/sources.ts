/** Finds what clips are made from: a built-in world, a world file, a scene file. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { basename, extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type SceneInput, sceneSchema, suggest } from '@dioramic/scene'
import { isWorld, WORLDS, type World } from '@dioramic/worlds'
import { GenerateError } from '../error.ts'
import { issueText } from '../issue.ts'
import { type Source, sceneSource, worldSource } from '../source.ts'
import type { SourceRef } from './protocol.ts'

let hooked = false

/** Lets a world file anywhere on disk import `@dioramic/*` and `zod`: what its own folder does not have comes from here. */
function hookImports(): void {
  if (hooked) return
  hooked = true
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context)
      } catch (error) {
        if (!/^(@dioramic\/|zod(\/|$))/.test(specifier)) throw error
        return next(specifier, { ...context, parentURL: import.meta.url })
      }
    },
  })
}

/** The world that a `.ts` or `.js` file exports by default. */
export async function importWorld(path: string): Promise<World> {
  const file = resolve(path)
  if (!existsSync(file)) throw new GenerateError(`there is no world file ${file}`)
  hookImports()
  let module: Record<string, unknown>
  try {
    module = (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (e) {
    throw new GenerateError(`world file ${file} could not be loaded: ${(e as Error).message}`, { cause: e })
  }
  if (!isWorld(module['default'])) {
    throw new GenerateError(`${file} does not export a world; end it with: export default defineWorld({ build({ key }) { … } })`)
  }
  return module['default']
}

/** A scene written as JSON, checked. */
export function readScene(path: string): SceneInput {
  const file = resolve(path)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (e) {
    throw new GenerateError(
      `scene file ${file} could not be read: ${(e as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (e as Error).message}`,
    )
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (e) {
    throw new GenerateError(`scene file ${file} is not valid JSON: ${(e as Error).message}`)
  }
  const parsed = sceneSchema.safeParse(value)
  if (!parsed.success) throw new GenerateError(`scene file ${file}: ${issueText(parsed.error)}`)
  return parsed.data as SceneInput
}

/** What a person typed, as a reference that every worker can load. */
export function sourceRef(what: string, config: Readonly<Record<string, unknown>>): SourceRef {
  if (WORLDS.has(what)) return { kind: 'builtin', name: what, config }
  const ext = extname(what)
  if (ext === '.json') {
    if (Object.keys(config).length > 0)
      throw new GenerateError('--config belongs to worlds; a scene file has no settings, edit the file instead')
    return { kind: 'scene', scene: readScene(what) }
  }
  if (/^\.[cm]?[jt]s$/.test(ext)) return { kind: 'file', path: resolve(what), config }
  throw new GenerateError(
    `there is no world "${what}"; ${suggest(what, WORLDS.keys())}; a path ending in .ts or .json is a world or scene of your own`,
  )
}

/** Loads a source. */
export async function loadSource(ref: SourceRef): Promise<Source> {
  if (ref.kind === 'builtin') {
    const entry = WORLDS.get(ref.name)
    if (!entry) throw new GenerateError(`there is no world "${ref.name}"; ${suggest(ref.name, WORLDS.keys())}`)
    return worldSource(entry.world, ref.name, ref.config)
  }
  if (ref.kind === 'scene') return sceneSource(ref.scene as SceneInput)
  const world = await importWorld(ref.path)
  const sha256 = createHash('sha256').update(readFileSync(ref.path)).digest('hex')
  return worldSource(world, world.name ?? basename(ref.path).replace(/\.[cm]?[jt]s$/, ''), ref.config, { world: sha256 })
}
