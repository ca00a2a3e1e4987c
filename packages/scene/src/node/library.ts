/** Assets from the disk. */
import { readFile } from 'node:fs/promises'
import { decodeExr, decodeHdr, decodeImage, sha256 } from '@dioramic/codec'
import { AssetError } from '../assets/error.ts'
import { extensionOf } from '../assets/files.ts'
import { type ImportedAsset, importMesh } from '../assets/import.ts'
import type { AssetObject, Assets } from '../assets.ts'
import { hdrFromExr } from '../environments/embedded.ts'
import type { HdrImage, Image } from '../mesh.ts'
import { defaultHullFolder, folderHullStore } from './hull-store.ts'
import { readAssetFiles } from './read-files.ts'
import { type ObjectSource, type Sources, sourcesAt } from './sources.ts'

export interface LoadOptions {
  /** Folder that keeps convex decompositions between runs, made when missing; null for none. Default: `diorama/hulls` in the user's cache folder. */
  readonly cacheDir?: string | null | undefined
}

export interface LoadedLibrary {
  readonly assets: Assets
  /** Faults that do not keep an asset from being used, each naming its asset. */
  readonly warnings: readonly string[]
  /** sha256 by `objects/<id>`, `hdris/<id>` and `images/<id>`: what a recipe must record to be grown again. */
  readonly hashes: Readonly<Record<string, string>>
}

/** Imports one object that a folder, file or manifest named. */
export async function importSource(source: ObjectSource, options: LoadOptions = {}): Promise<ImportedAsset> {
  const cacheDir = options.cacheDir === undefined ? defaultHullFolder() : options.cacheDir
  const slashes = (path: string | undefined) => path?.replaceAll('\\', '/')
  const given = [source.visual, source.collision, source.texture].filter(p => p !== undefined)
  const files = await readAssetFiles(given).catch(error => {
    throw new AssetError(`asset "${source.id}": ${(error as Error).message}`, { cause: error })
  })
  return importMesh(files, slashes(source.visual)!, {
    ...source,
    texture: slashes(source.texture),
    collision: slashes(source.collision),
    ...(cacheDir === null ? {} : { hullStore: folderHullStore(cacheDir) }),
  })
}

async function readHdr(path: string): Promise<{ picture: HdrImage; hash: string }> {
  try {
    const bytes = await readFile(path)
    const picture = extensionOf(path) === 'exr' ? hdrFromExr(decodeExr(bytes), path) : decodeHdr(bytes)
    return { picture, hash: sha256(bytes) }
  } catch (error) {
    throw new AssetError(`the HDR picture ${path} cannot be used: ${(error as Error).message}`, { cause: error })
  }
}

async function readPicture(path: string): Promise<{ picture: Image; hash: string }> {
  try {
    const bytes = await readFile(path)
    return { picture: decodeImage(bytes), hash: sha256(bytes) }
  } catch (error) {
    throw new AssetError(`the picture ${path} cannot be used: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Everything that `--assets` names: folders, mesh files, pictures and manifests (see `sourcesAt`). Objects, pictures and HDR environments are
 * decoded whole. Throws `AssetError` naming the file; two assets of one kind with one id are an error.
 */
export async function loadAssets(pathOrPaths: string | readonly string[], options: LoadOptions = {}): Promise<LoadedLibrary> {
  const objects = new Map<string, AssetObject>()
  const images = new Map<string, Image>()
  const hdris = new Map<string, HdrImage>()
  const warnings: string[] = []
  const hashes: Record<string, string> = {}
  const from = new Map<string, string>()
  const claim = (kind: string, id: string, path: string) => {
    const name = `${kind}/${id}`
    const other = from.get(name)
    if (other !== undefined)
      throw new AssetError(`two assets have the id "${id}": ${other} and ${path}; rename one, or list them in a manifest with other ids`)
    from.set(name, path)
    return name
  }
  for (const path of [pathOrPaths].flat()) {
    const sources: Sources = await sourcesAt(path)
    for (const source of sources.objects) {
      const name = claim('objects', source.id, source.visual)
      const imported = await importSource(source, options)
      objects.set(source.id, source.category === undefined ? imported.object : { ...imported.object, category: source.category })
      for (const [id, image] of imported.images) images.set(id, image)
      warnings.push(...imported.warnings)
      hashes[name] = imported.object.sha256
    }
    for (const h of sources.hdris) {
      const name = claim('hdris', h.id, h.path)
      const { picture, hash } = await readHdr(h.path)
      hdris.set(h.id, picture)
      hashes[name] = hash
    }
    for (const i of sources.images) {
      const name = claim('images', i.id, i.path)
      const { picture, hash } = await readPicture(i.path)
      images.set(i.id, picture)
      hashes[name] = hash
    }
  }
  return { assets: { objects, images, hdris }, warnings, hashes }
}
