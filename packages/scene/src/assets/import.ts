/** Mesh files as objects that can be placed. */
import { decodeImage, sha256 } from '@dioramic/codec'
import type { AssetObject } from '../assets.ts'
import { bounds, boundsSize } from '../mesh/bounds.ts'
import { standOff } from '../mesh/stand-off.ts'
import { reachable, surfaceSamples } from '../mesh/surface-samples.ts'
import { voxelise } from '../mesh/voxels.ts'
import type { Image } from '../mesh.ts'
import { isTexture, type Material } from '../schema/material.ts'
import { collisionHulls } from './collision.ts'
import { AssetError } from './error.ts'
import { baseName, type Files, fileOf, stemOf } from './files.ts'
import { type HullStore, storedHullsOf } from './hulls.ts'
import { normalise, toMetres, type Up } from './normalise.ts'
import { withPictures } from './principled.ts'
import { readMesh } from './read-mesh.ts'
import { importedRig } from './rig.ts'
import { metresPerUnit, type Units } from './units.ts'

export interface ImportOptions {
  /** Defaults to the file's name without its ending. */
  readonly id?: string | undefined
  /** Of the file's numbers. Default: metres, which glTF always is unless this says otherwise. */
  readonly units?: Units | undefined
  /** The file's axis that points up. Default: y for glTF, z for the others. */
  readonly up?: Up | undefined
  readonly license?: string | undefined
  /** Path of a base colour picture for parts whose material has none. */
  readonly texture?: string | undefined
  /** Path of a collision mesh in the same unit and axes: one hull a group. Without it, or if it does not follow the mesh, the mesh is decomposed. */
  readonly collision?: string | undefined
  readonly hullStore?: HullStore | undefined
}

export interface ImportedAsset {
  readonly object: AssetObject
  /** Its pictures by texture name, `<object id>/<picture>`. */
  readonly images: ReadonlyMap<string, Image>
  readonly warnings: readonly string[]
  /** How the file was read. */
  readonly metresPerUnit: number
  readonly up: Up
}

/**
 * Imports the mesh file `main` (OBJ with MTL, PLY, STL, glTF, GLB) of `files`: metres, +Z up, a part a material, unit normals (by faces and a
 * crease of 36° where the file has none, or gives one a face to a thousand triangles or more), collision hulls. The origin stays the file's. `sha256` covers every file read and how it was read.
 * Throws `AssetError` or the codec's `CodecError`, both naming the asset.
 */
export async function importMesh(files: Files, main: string, options: ImportOptions = {}): Promise<ImportedAsset> {
  const id = options.id ?? stemOf(main)
  const warnings: string[] = []
  try {
    const source = await readMesh(files, main, id, warnings)
    const metres = options.units === undefined ? (source.unit ?? 1) : metresPerUnit(options.units)
    const up = options.up ?? source.up ?? 'z'
    const { mesh, from } = normalise(source, metres, up, warnings)
    const rig = source.rig && importedRig(source.rig, mesh, from, { metres, up }, warnings)
    const used = [...source.used]
    const images = new Map(source.images)
    let materials = source.materials
    if (options.texture !== undefined) {
      const texture = `${id}/${baseName(options.texture)}`
      images.set(texture, decodeImage(fileOf(files, options.texture)))
      used.push(options.texture)
      materials = textured(mesh.parts, materials, texture)
      // Material files that are absent are then no loss.
      for (let i = warnings.length - 1; i >= 0; i--) if (warnings[i]!.startsWith('its material file')) warnings.splice(i, 1)
    }
    const parts = mesh.parts.map(p => ({ ...p, material: p.material === null && options.texture !== undefined ? PLAIN : p.material }))
    const object: AssetObject = {
      id,
      mesh: { ...mesh, parts },
      materials,
      ...(rig ? { rig } : {}),
      hulls: await hulls(files, { ...options, metres, up }, mesh, used, warnings),
      license: options.license ?? 'unknown',
      sha256: fingerprint(files, used, metres, up),
    }
    return { object, images, warnings: warnings.map(w => `asset "${id}": ${w}`), metresPerUnit: metres, up }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new AssetError(`asset "${id}" (${main}): ${error.message}`, { cause: error })
  }
}

/** Material name of parts that have none but are given a picture. */
const PLAIN = 'default'

function textured(parts: readonly { readonly material: string | null }[], own: Readonly<Record<string, Material>>, texture: string) {
  const materials: Record<string, Material> = { ...own }
  for (const { material } of parts) {
    const name = material ?? PLAIN
    const known = materials[name]
    if (!isTexture(known?.baseColor))
      materials[name] = withPictures((known ?? {}) as Partial<Material>, { baseColor: { texture, channel: 'r' } })
  }
  return materials
}

/** Places on the visual mesh at which given hulls are compared with it. */
const COMPARED = 5000
const COMPARED_VOXELS = 60_000

/**
 * Collision hulls of an asset. Those of a given collision mesh stand if they follow the visual mesh, outside and in its hollows, to 1 mm or
 * 0.5 % of its longest edge; else things would come to rest in or above what is seen, so the visual mesh is decomposed, with a warning.
 */
async function hulls(
  files: Files,
  { collision, hullStore, metres, up }: ImportOptions & { metres: number; up: Up },
  mesh: { positions: Float32Array; indices: Uint32Array },
  used: string[],
  warnings: string[],
): Promise<readonly Float32Array[]> {
  if (collision !== undefined) {
    const source = await readMesh(files, collision, 'collision', [])
    used.push(...source.used.filter(f => !used.includes(f)))
    const found = await collisionHulls(
      { ...source, positions: toMetres(source.positions, metres, up) },
      baseName(collision),
      warnings,
      hullStore,
    )
    if (found.length > 0) {
      const size = Math.max(...boundsSize(bounds(mesh.positions)))
      const limit = Math.max(0.001, 0.005 * size)
      const off = standOff(found, mesh.positions, reachable(surfaceSamples(mesh, COMPARED), voxelise(mesh, COMPARED_VOXELS)), limit / 20)
      if (off <= limit) return found
      const mm = (metres: number) => `${Number((1000 * metres).toPrecision(2))} mm`
      warnings.push(
        `its collision mesh ${baseName(collision)} stands up to ${mm(off)} off what is seen (more than ${mm(limit)}); hulls of the visual mesh are used instead`,
      )
    } else warnings.push(`its collision mesh ${baseName(collision)} has no volume; the visual mesh was decomposed instead`)
  }
  const found = await storedHullsOf(mesh, hullStore)
  if (found.length === 0) warnings.push('it is flat, so it has no collision hulls and cannot be dynamic')
  return found
}

/** Hash of every file read, by name and content, and of how they were read. */
function fingerprint(files: Files, used: readonly string[], metres: number, up: Up): string {
  const list = used.map(path => `${baseName(path)} ${sha256(fileOf(files, path))}`)
  return sha256(new TextEncoder().encode(JSON.stringify({ files: list, metres, up })))
}
