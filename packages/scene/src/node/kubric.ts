/** Manifests as Kubric writes them (GSO, ShapeNet, KuBasic, HDRI Haven): archives of one object each, HDR pictures, licences and categories. */
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { decodeTar, gunzip } from '@dioramic/codec'
import { z } from 'zod'
import { AssetError } from '../assets/error.ts'
import { extensionOf, HDR_EXTENSIONS } from '../assets/files.ts'
import { Key } from '../key.ts'
import { suggest } from '../suggest.ts'
import { downloadFolder, fetchFile, isUrl } from './fetch-file.ts'
import { exists, replaceFile } from './files.ts'
import type { ObjectSource, Sources } from './sources.ts'

const entrySchema = z.object({
  asset_type: z.enum(['FileBasedObject', 'Texture']),
  /** Absent or empty: `<id>.tar.gz`. */
  path: z.string().nullish(),
  license: z.string().optional(),
  /** Not Kubric's: where it is given, the file must have it. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  kwargs: z.object({ render_filename: z.string().optional() }).loose().optional(),
  metadata: z.object({ category: z.string().optional() }).loose().optional(),
})

const kubricSchema = z.object({
  name: z.string().optional(),
  data_dir: z.string().optional(),
  assets: z.record(z.string().min(1), entrySchema),
})
type Entry = z.infer<typeof entrySchema>

/** Whether a manifest is one of Kubric's: `assets` by id. */
export const isKubric = (value: unknown): boolean => {
  const assets = (value as { assets?: unknown } | null)?.assets
  return typeof assets === 'object' && assets !== null && !Array.isArray(assets)
}

/** Joins a place, a path or an URL, with the name of a file below it. */
const below = (place: string, name: string): string =>
  isUrl(place)
    ? new URL(name.split('/').map(encodeURIComponent).join('/'), place.endsWith('/') ? place : `${place}/`).href
    : join(place, name)

/** Folder of the files: `data_dir` where that is a place that can be read, else beside the manifest, where mirrors keep them. */
function dataOf(manifest: string, dataDir: string | undefined): string {
  const beside = isUrl(manifest) ? new URL('.', manifest).href : dirname(resolve(manifest))
  if (dataDir === undefined || /^[a-z]+:\/\//.test(dataDir) !== isUrl(dataDir) || dataDir.startsWith('/')) return beside
  return isUrl(dataDir) ? dataDir : below(beside, dataDir.replace(/^\.\//, ''))
}

/** Ids chosen by what follows the `#`: all, a number of them spread evenly, or a list. */
function chosen(ids: readonly string[], selection: string | undefined, where: string): readonly string[] {
  if (selection === undefined) return ids
  if (/^\d+$/.test(selection)) {
    const rank = new Map(ids.map(id => [id, Key.fromSeed(0).fork('selection').fork(id).uniform()]))
    return [...ids]
      .sort((a, b) => rank.get(a)! - rank.get(b)!)
      .slice(0, Number(selection))
      .sort()
  }
  return selection.split(',').map(id => {
    if (!ids.includes(id)) throw new AssetError(`${where} has no asset "${id}"; ${suggest(id, ids)}`)
    return id
  })
}

/**
 * What a manifest of Kubric's lists, fetched, unpacked and ready to import.
 *
 * Files lie in `data_dir`, or beside the manifest where that is a bucket that answers no more: as `<id>.tar.gz` (or `path`), or unpacked in a folder `<id>`.
 *
 * @param manifest path or URL of the manifest
 * @param selection of assets: a number (so many, spread evenly, the same each time) or ids with commas between; all when left out
 */
export async function kubricSources(
  manifest: string,
  value: unknown,
  selection?: string,
  cache: string = downloadFolder(),
): Promise<Sources> {
  const parsed = kubricSchema.safeParse(value)
  if (!parsed.success) throw new AssetError(`${manifest} is not a manifest as Kubric writes them:\n${z.prettifyError(parsed.error)}`)
  const { assets, data_dir } = parsed.data
  const data = dataOf(manifest, data_dir)
  const out: Sources = { objects: [], hdris: [], images: [] }
  for (const id of chosen(Object.keys(assets).sort(), selection, manifest)) {
    const entry = assets[id]!
    const unpacked = await unpack(id, entry, data, cache)
    if (entry.asset_type === 'FileBasedObject') out.objects.push(await objectOf(id, entry, unpacked))
    else {
      const picture = await pictureOf(id, unpacked)
      const kind = HDR_EXTENSIONS.includes(extensionOf(picture)) ? out.hdris : out.images
      kind.push({ id, path: picture })
    }
  }
  return out
}

/** Folder or file of an asset on this disk. */
async function unpack(id: string, { path, sha256 }: Entry, data: string, cache: string): Promise<string> {
  const name = path || `${id}.tar.gz`
  if (name.split(/[\\/]/).includes('..')) throw new AssetError(`asset "${id}": its path ${name} leads out of its folder`)
  if (!isUrl(data) && !path && (await exists(join(data, id)))) return join(data, id)
  const place = below(data, name)
  const archive = /\.(tar\.gz|tgz|tar)$/.test(name)
  if (!archive && !isUrl(place)) {
    if (sha256 !== undefined) await fetchFile(place, sha256, cache)
    return place
  }
  const fetched = await fetchFile(place, sha256, cache)
  // Named by content: another version of an archive never meets the files of this one.
  const folder = join(cache, 'files', fetched.sha256)
  if (!archive) {
    const file = join(folder, name.replaceAll(/[\\/]/g, '_'))
    await mkdir(folder, { recursive: true })
    await replaceFile(file, fetched.bytes)
    return file
  }
  if (await exists(folder)) return folder
  const draft = `${folder}.${process.pid}.part`
  await rm(draft, { recursive: true, force: true })
  try {
    const bytes = name.endsWith('.tar') ? fetched.bytes : gunzip(fetched.bytes)
    for (const { name: inside, bytes: content } of decodeTar(bytes)) {
      const parts = inside.split(/[\\/]/).filter(p => p !== '' && p !== '.')
      if (parts.includes('..') || inside.startsWith('/')) throw new AssetError(`the file ${inside} in it leads out of its folder`)
      if (parts.length === 0 || inside.endsWith('/')) continue
      const target = join(draft, ...parts)
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, content)
    }
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await exists(folder)))
      throw new AssetError(`asset "${id}": ${place} cannot be unpacked: ${(error as Error).message}`, { cause: error })
  }
  return folder
}

/** All files below a folder, relative to it, sorted. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(e => e.isFile())
    .map(e => join(e.parentPath, e.name))
    .sort()
}

async function objectOf(id: string, { kwargs, license, metadata }: Entry, folder: string): Promise<ObjectSource> {
  const files = await filesBelow(folder)
  const wanted = kwargs?.render_filename?.replace('{asset_dir}/', '')
  const ends = (name: string) => files.find(f => f.replaceAll('\\', '/').endsWith(`/${name}`))
  const visual = (wanted && ends(wanted)) ?? ends('visual_geometry.glb') ?? ends('visual_geometry.gltf') ?? ends('visual_geometry.obj')
  if (!visual) throw new AssetError(`asset "${id}": ${folder} has no ${wanted ?? 'visual_geometry.obj or .glb'}`)
  const collision = ends('collision_geometry.obj')
  // Kubric's OBJ files are +Z up in metres; glTF says itself what it is.
  return {
    id,
    visual,
    license: license ?? 'unknown',
    units: 1,
    ...(collision === undefined ? {} : { collision }),
    ...(extensionOf(visual) === 'obj' ? { up: 'z' as const } : {}),
    ...(metadata?.category === undefined ? {} : { category: metadata.category }),
  }
}

async function pictureOf(id: string, place: string): Promise<string> {
  if (extensionOf(place) !== '' && !/[0-9a-f]{64}$/.test(place)) return place
  const found = (await filesBelow(place)).find(f => [...HDR_EXTENSIONS, 'png', 'jpg', 'jpeg'].includes(extensionOf(f)))
  if (!found) throw new AssetError(`asset "${id}": ${place} has no picture`)
  return found
}
