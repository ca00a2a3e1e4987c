import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { AssetError } from '../assets/error.ts'

const path = z.string().min(1)

/** One object of a manifest; paths are relative to the manifest's folder. */
const entrySchema = z.object({
  id: z.string().min(1),
  /** The mesh that is seen. */
  visual: path,
  /** A mesh in the same unit whose groups are one convex hull each. */
  collision: path.optional(),
  /** Base colour picture. */
  texture: path.optional(),
  license: z.string().optional(),
  /** Metres in one unit of the file. */
  unit_scale: z.number().positive().optional(),
  up: z.enum(['y', 'z']).optional(),
})
export type ManifestObject = z.infer<typeof entrySchema>

const pictureSchema = z.object({ id: z.string().min(1), path, license: z.string().optional() })

export const manifestSchema = z.object({
  about: z.string().optional(),
  objects: z.array(entrySchema).default([]),
  /** HDR environment pictures (.hdr, .exr). */
  hdris: z.array(pictureSchema).default([]),
  /** Texture pictures (.png, .jpg). */
  images: z.array(pictureSchema).default([]),
})
export type Manifest = z.infer<typeof manifestSchema>

/** Reads and checks a manifest. Throws AssetError with the file and, for every fault, its place. */
export async function readManifest(file: string): Promise<Manifest> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new AssetError(`${file} cannot be read as a manifest: ${(error as Error).message}`, { cause: error })
  }
  const parsed = manifestSchema.safeParse(value)
  if (!parsed.success) throw new AssetError(`${file} is not an asset manifest:\n${z.prettifyError(parsed.error)}`)
  const seen = new Set<string>()
  for (const { id } of parsed.data.objects) {
    if (seen.has(id)) throw new AssetError(`${file} has two objects with the id "${id}"; ids must differ`)
    seen.add(id)
  }
  return parsed.data
}
