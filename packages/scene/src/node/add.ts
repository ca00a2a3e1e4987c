import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { AssetError } from '../assets/error.ts'
import { stemOf } from '../assets/files.ts'
import type { Up } from '../assets/normalise.ts'
import { metresPerUnit, type Units } from '../assets/units.ts'
import { exists, replaceFile } from './files.ts'
import { importSource, type LoadOptions } from './library.ts'
import { type Manifest, type ManifestObject, readManifest } from './manifest.ts'

export interface AddOptions extends LoadOptions {
  /** The manifest to make or extend. */
  readonly manifestPath: string
  readonly id?: string | undefined
  readonly units?: Units | undefined
  readonly up?: Up | undefined
  readonly license?: string | undefined
  readonly texture?: string | undefined
  readonly collision?: string | undefined
}

export interface AddedAsset {
  readonly entry: ManifestObject
  /** Whether an entry with that id was replaced. */
  readonly replaced: boolean
  readonly warnings: readonly string[]
}

/**
 * Imports a mesh to see that it is sound, then adds it to a manifest, which is made when missing; an entry with its id is replaced.
 * Paths are stored relative to the manifest's folder. Nothing is written when the mesh cannot be used. Throws `AssetError`.
 */
export async function addAsset(file: string, options: AddOptions): Promise<AddedAsset> {
  const { manifestPath, units, up, license, texture, collision } = options
  const id = options.id ?? stemOf(file.replaceAll('\\', '/'))
  const manifest: Manifest = (await exists(manifestPath)) ? await readManifest(manifestPath) : { objects: [], hdris: [], images: [] }
  const imported = await importSource({ id, visual: file, units, up, license, texture, collision }, options)
  const place = (path: string) => {
    const from = relative(dirname(resolve(manifestPath)), resolve(path))
    return (isAbsolute(from) ? resolve(path) : from).replaceAll('\\', '/')
  }
  const entry: ManifestObject = {
    id,
    visual: place(file),
    ...(collision === undefined ? {} : { collision: place(collision) }),
    ...(texture === undefined ? {} : { texture: place(texture) }),
    license: license ?? 'unknown',
    unit_scale: units === undefined ? imported.metresPerUnit : metresPerUnit(units),
    up: imported.up,
  }
  const at = manifest.objects.findIndex(o => o.id === id)
  const objects = at < 0 ? [...manifest.objects, entry] : manifest.objects.with(at, entry)
  const kept = {
    ...(manifest.about === undefined ? {} : { about: manifest.about }),
    objects,
    ...(manifest.hdris.length > 0 ? { hdris: manifest.hdris } : {}),
    ...(manifest.images.length > 0 ? { images: manifest.images } : {}),
  }
  await replaceFile(manifestPath, `${JSON.stringify(kept, null, 1)}\n`).catch(error => {
    throw new AssetError(`the manifest ${manifestPath} cannot be written: ${(error as Error).message}`, { cause: error })
  })
  return { entry, replaced: at >= 0, warnings: imported.warnings }
}
