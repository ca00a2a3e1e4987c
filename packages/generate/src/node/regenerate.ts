/** Makes a sample again and compares every file's hash: the promise of a data set, checked on one clip. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import {
  MissingBlob,
  parseJson,
  parseRecipe,
  RECIPE_FILE,
  type Recipe,
  SAMPLE_FILE,
  type Sample,
  SHARD_INDEX_FILE,
  sampleSchema,
  shardView,
} from '@dioramic/data'
import { FolderStore } from '@dioramic/data/node'
import { selectLabels } from '@dioramic/label'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { type Assets, NO_ASSETS, type SceneInput } from '@dioramic/scene'
import { WORLDS } from '@dioramic/worlds'
import { bytesEpoch } from '../epoch.ts'
import { GenerateError } from '../error.ts'
import { runInline } from '../inline.ts'
import { planRecipe } from '../recipe.ts'
import { settingsSchema } from '../settings.ts'
import { engineHashes } from './hashes.ts'
import type { SourceRef } from './protocol.ts'
import { loadSource } from './sources.ts'

export interface Regenerated {
  readonly index: number
  readonly files: number
  /** Paths whose bytes differ, are missing, or are new. */
  readonly different: readonly string[]
}

export interface RegenerateOptions {
  readonly assets?: Assets
  readonly assetHashes?: Readonly<Record<string, string>>
  /** World file, when the world is not built in. */
  readonly worldFile?: string
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

interface StoredSample {
  readonly sample: Sample
  readonly recipe: Recipe
  /** Bytes of a file of the sample, undefined where it is missing. */
  read(file: string): Promise<Uint8Array | undefined>
}

/** The sample at a path (its folder or sample.json; in a packed set the folder that it would have) and the recipe of its data set. */
async function readStored(path: string): Promise<StoredSample> {
  const at = resolve(path)
  const folder = basename(at) === SAMPLE_FILE ? dirname(at) : at
  const root = resolve(folder, '..', '..')
  if (!existsSync(at) && !existsSync(join(root, SHARD_INDEX_FILE)))
    throw new GenerateError(`there is no sample at ${at}; give a folder such as out/set/samples/000000, or its sample.json`)
  const store = existsSync(folder) ? new FolderStore(root) : await shardView(new FolderStore(root))
  const name = relative(root, folder).replaceAll('\\', '/')
  const read = (file: string) => store.get(file).catch(missing)
  const bytes = await read(`${name}/${SAMPLE_FILE}`)
  if (!bytes) throw new GenerateError(`${folder} has no ${SAMPLE_FILE}; give the folder of one sample, such as out/set/samples/000000`)
  const recipe = await read(RECIPE_FILE)
  if (!recipe)
    throw new GenerateError(
      `${join(root, RECIPE_FILE)} is missing; a sample is made again by the recipe of its data set, so keep it in its set`,
    )
  const where = join(folder, SAMPLE_FILE)
  const parsed = sampleSchema.safeParse(parseJson(bytes, where))
  if (!parsed.success)
    throw new GenerateError(`${where} is not a sample: ${parsed.error.issues[0]!.path.join('.')}: ${parsed.error.issues[0]!.message}`)
  return { sample: parsed.data, recipe: parseRecipe(recipe, join(root, RECIPE_FILE)), read: file => read(`${name}/${file}`) }
}

function missing(e: unknown): undefined {
  if (e instanceof MissingBlob) return undefined
  throw e
}

function refOf(recipe: Recipe, worldFile: string | undefined): SourceRef {
  const config = recipe.config as Record<string, unknown>
  if (worldFile !== undefined) return { kind: 'file', path: resolve(worldFile), config }
  if (recipe.world === 'scene') return { kind: 'scene', scene: recipe.config as unknown as SceneInput }
  if (WORLDS.has(recipe.world)) return { kind: 'builtin', name: recipe.world, config }
  throw new GenerateError(`the sample's world "${recipe.world}" is not built in; give its file: --world path/to/${recipe.world}.ts`)
}

/**
 * Makes the sample again from its recipe alone.
 *
 * @throws GenerateError when the sample is of another bytes epoch, engine or asset, each named
 */
export async function regenerate(path: string, options: RegenerateOptions = {}): Promise<Regenerated> {
  const { sample, recipe, read } = await readStored(path)
  if (sample.bytesEpoch !== bytesEpoch) {
    throw new GenerateError(
      `the sample is of bytes epoch ${sample.bytesEpoch}, this Diorama makes epoch ${bytesEpoch}; use the version that made it`,
    )
  }
  const { refined } = recipe.settings as { refined?: { readonly from: string } }
  if (refined)
    throw new GenerateError(
      `this set was refined from another, and a refiner's training gives the same bits on one machine only; regenerate a sample of the set that it came from (planHash ${refined.from})`,
    )
  const settings = settingsSchema.parse(recipe.settings)
  if (settings.renderer)
    throw new GenerateError(
      `this set has pictures of Cycles (Blender ${settings.renderer.version}), whose bytes are those of one machine; make it again with generate --renderer cycles, and compare what it shows`,
    )
  if (settings.denoiser)
    throw new GenerateError(
      `this set was denoised by Open Image Denoise ${settings.denoiser.version}, whose bytes are those of one machine; make it again with generate --denoiser oidn, and compare what it shows`,
    )
  const labels = selectLabels(settings.labels.join(',') || 'none')
  const source = await loadSource(refOf(recipe, options.worldFile))
  const ours = planRecipe({
    source,
    seed: recipe.seed,
    count: recipe.count,
    settings,
    labels,
    formats: recipe.formats,
    hashes: { ...engineHashes(), ...options.assetHashes },
  })
  for (const name of new Set([...Object.keys(recipe.hashes), ...Object.keys(ours.hashes)])) {
    const [theirs, here] = [recipe.hashes[name], ours.hashes[name]]
    if (theirs === here) continue
    const hint = /^(objects|hdris|images)\//.test(name) ? ' (give the same --assets)' : ''
    throw new GenerateError(`the sample was made with ${name} ${theirs ?? '(none)'}, here it is ${here ?? '(none)'}${hint}`)
  }
  const made = new Map<string, string>()
  let failed: string | null = null
  const renderer = await createRenderer(await loadKernel())
  try {
    await runInline(
      [sample.index],
      {
        opened: (_clip, head) => {
          for (const f of head.files) made.set(f.path, hash(f.bytes))
        },
        frame: async (_clip, result) => {
          for (const f of result.files) made.set(f.path, hash(f.bytes))
        },
        quarantined: async (_clip, _code, reason) => {
          failed = reason
        },
      },
      { renderer, source, seed: recipe.seed, settings, assets: options.assets ?? NO_ASSETS, labels },
    )
  } finally {
    renderer.dispose()
  }
  if (failed !== null) throw new GenerateError(`sample ${sample.index} could not be made: ${failed}`)
  const different: string[] = []
  for (const f of new Set([...made.keys(), ...Object.keys(sample.files)])) {
    const stored = await read(f)
    if (!stored || made.get(f) !== sample.files[f]?.sha256 || made.get(f) !== hash(stored)) different.push(f)
  }
  return { index: sample.index, files: made.size, different: different.sort() }
}
