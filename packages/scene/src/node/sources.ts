/** What the paths given as assets hold, before anything is decoded. */
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { AssetError } from '../assets/error.ts'
import { extensionOf, HDR_EXTENSIONS, MESH_EXTENSIONS, PICTURE_EXTENSIONS, stemOf } from '../assets/files.ts'
import type { Up } from '../assets/normalise.ts'
import type { Units } from '../assets/units.ts'
import { fetchFile, isUrl } from './fetch-file.ts'
import { isKubric, kubricSources } from './kubric.ts'
import { readManifest } from './manifest.ts'

export interface ObjectSource {
  readonly id: string
  readonly visual: string
  readonly collision?: string | undefined
  readonly texture?: string | undefined
  readonly license?: string | undefined
  readonly category?: string | undefined
  readonly units?: Units | undefined
  readonly up?: Up | undefined
}

export interface Sources {
  readonly objects: ObjectSource[]
  readonly hdris: { readonly id: string; readonly path: string }[]
  readonly images: { readonly id: string; readonly path: string }[]
}

/**
 * Objects and pictures at a path.
 *
 * - A manifest (.json): what it lists. One of Kubric's may be on the web (https) and may be followed by `#` and what is taken of it: `GSO.json#50` is fifty of its
 *   assets, `GSO.json#Shoe,Mug` those two.
 * - A mesh (.obj, .ply, .stl, .gltf, .glb), an HDR picture (.hdr, .exr) or a picture (.png, .jpg): that one, its id the name without ending.
 * - A folder with a `manifest.json`: that manifest. A folder with `visual.*` or `collision.*`: one object. Any other folder: every mesh and HDR picture in it is one; a folder inside it is one
 *   object when it has one mesh besides `collision.*` (`visual.*` where there are several), with `collision.*` for its hulls and, for an OBJ without
 *   material file, a lone picture or `texture.*` for its colour.
 */
export async function sourcesAt(path: string): Promise<Sources> {
  const parts = /^(.*\.json)#(.+)$/.exec(path)
  if (parts || isUrl(path)) return manifest(parts?.[1] ?? path, parts?.[2])
  const info = await stat(path).catch(error => {
    throw new AssetError(
      `the assets ${path} cannot be read: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file or folder' : (error as Error).message}`,
    )
  })
  if (info.isDirectory()) return folder(path)
  const extension = extensionOf(path)
  const one = { id: stemOf(path), path }
  if (extension === 'json') return manifest(path)
  if (MESH_EXTENSIONS.includes(extension)) return { objects: [{ id: one.id, visual: path }], hdris: [], images: [] }
  if (HDR_EXTENSIONS.includes(extension)) return { objects: [], hdris: [one], images: [] }
  if (PICTURE_EXTENSIONS.includes(extension)) return { objects: [], hdris: [], images: [one] }
  const known = ['json', ...MESH_EXTENSIONS, ...HDR_EXTENSIONS, ...PICTURE_EXTENSIONS].map(e => `.${e}`).join(', ')
  throw new AssetError(`${path} is not a kind of asset that can be read; use a folder or one of ${known}`)
}

async function manifest(file: string, selection?: string): Promise<Sources> {
  if (isUrl(file) && extensionOf(new URL(file).pathname) !== 'json')
    throw new AssetError(`${file} is not a manifest; from the web only manifests (.json) can be used`)
  const value = await manifestValue(file)
  if (isKubric(value)) return kubricSources(file, value, selection)
  if (isUrl(file) || selection !== undefined)
    throw new AssetError(
      `${file} is not a manifest as Kubric writes them, which is what ${isUrl(file) ? 'can be fetched' : '# selects from'}`,
    )
  const { objects, hdris, images } = await readManifest(file)
  const at = (path: string) => join(dirname(file), path)
  const optional = (path: string | undefined) => (path === undefined ? undefined : at(path))
  return {
    objects: objects.map(o => ({
      id: o.id,
      visual: at(o.visual),
      collision: optional(o.collision),
      texture: optional(o.texture),
      license: o.license,
      units: o.unit_scale,
      up: o.up,
    })),
    hdris: hdris.map(h => ({ id: h.id, path: at(h.path) })),
    images: images.map(i => ({ id: i.id, path: at(i.path) })),
  }
}

async function manifestValue(file: string): Promise<unknown> {
  const { bytes } = await fetchFile(file)
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw new AssetError(`${file} cannot be read as a manifest: ${(error as Error).message}`, { cause: error })
  }
}

async function folder(path: string): Promise<Sources> {
  const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))
  if (entries.some(e => e.name === 'manifest.json')) return manifest(join(path, 'manifest.json'))
  const names = entries.filter(e => !e.isDirectory()).map(e => e.name)
  if (names.some(n => MESH_EXTENSIONS.includes(extensionOf(n)) && (stemOf(n) === 'visual' || stemOf(n) === 'collision'))) {
    const object = await objectFolder(path, basename(resolve(path)))
    if (object) return { objects: [object], hdris: [], images: [] }
  }
  const pick = (list: readonly string[]) => names.filter(n => list.includes(extensionOf(n)))
  const one = (name: string) => ({ id: stemOf(name), path: join(path, name) })
  const out: Sources = {
    objects: pick(MESH_EXTENSIONS)
      .filter(n => stemOf(n) !== 'collision')
      .map(n => ({ id: stemOf(n), visual: join(path, n) })),
    hdris: pick(HDR_EXTENSIONS).map(one),
    images: [],
  }
  for (const e of entries.filter(d => d.isDirectory())) {
    const object = await objectFolder(join(path, e.name), e.name)
    if (object) out.objects.push(object)
  }
  if (out.objects.length === 0) out.images.push(...pick(PICTURE_EXTENSIONS).map(one))
  if (out.objects.length + out.hdris.length + out.images.length === 0) {
    throw new AssetError(`the folder ${path} holds no asset: no manifest.json, mesh, HDR picture or picture, nor a folder with one mesh`)
  }
  return out
}

async function objectFolder(path: string, id: string): Promise<ObjectSource | null> {
  const names = (await readdir(path)).sort()
  const meshes = names.filter(n => MESH_EXTENSIONS.includes(extensionOf(n)))
  const seen = meshes.filter(n => stemOf(n) !== 'collision')
  const visual = seen.length === 1 ? seen[0] : seen.find(n => stemOf(n) === 'visual')
  if (visual === undefined) return null
  const collision = meshes.find(n => stemOf(n) === 'collision')
  const pictures = names.filter(n => PICTURE_EXTENSIONS.includes(extensionOf(n)))
  const hasMaterials = extensionOf(visual) !== 'obj' || names.some(n => extensionOf(n) === 'mtl')
  const texture = hasMaterials
    ? undefined
    : (pictures.find(n => stemOf(n) === 'texture') ?? (pictures.length === 1 ? pictures[0] : undefined))
  const at = (n: string | undefined) => (n === undefined ? undefined : join(path, n))
  return { id, visual: join(path, visual), collision: at(collision), texture: at(texture) }
}
