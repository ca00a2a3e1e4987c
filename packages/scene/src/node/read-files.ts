import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseMtl } from '@dioramic/codec'
import { AssetError } from '../assets/error.ts'
import { extensionOf, relativeTo } from '../assets/files.ts'

const slashes = (path: string) => path.replaceAll('\\', '/')

async function required(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new AssetError(`${path} ${missing ? 'does not exist' : `cannot be read: ${(error as Error).message}`}`, { cause: error })
  }
}

/**
 * The files of an asset: those given, which must exist, and those that they name and that exist (material files and their pictures, glTF
 * buffers and pictures), under the paths the importer asks for.
 */
export async function readAssetFiles(given: readonly string[]): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const path of given) files.set(slashes(path), await required(path))
  for (const path of [...files.keys()]) {
    for (const name of named(path, files.get(path)!)) {
      const target = relativeTo(path, name)
      await optional(files, path, target)
      if (extensionOf(target) !== 'mtl' || !files.has(target)) continue
      for (const picture of picturesOf(files.get(target)!)) await optional(files, target, relativeTo(target, picture))
    }
  }
  return files
}

/** Reads `target` if it lies in the folder of `from` or below and exists: a mesh file cannot make us read elsewhere. */
async function optional(files: Map<string, Uint8Array>, from: string, target: string): Promise<void> {
  const folder = from.includes('/') ? `${dirname(from)}/` : ''
  if (files.has(target) || target === '' || target.startsWith('../') || !target.startsWith(folder === './' ? '' : folder)) return
  const bytes = await readFile(join(target)).catch(() => null)
  if (bytes) files.set(target, bytes)
}

/** Names of files that a mesh file mentions. */
function named(path: string, bytes: Uint8Array): string[] {
  const extension = extensionOf(path)
  if (extension === 'obj') {
    return [...new TextDecoder().decode(bytes).matchAll(/^mtllib[ \t]+(.+)$/gm)].map(m => m[1]!.trim())
  }
  if (extension !== 'gltf') return []
  try {
    const json = JSON.parse(new TextDecoder().decode(bytes)) as { buffers?: { uri?: string }[]; images?: { uri?: string }[] }
    return [...(json.buffers ?? []), ...(json.images ?? [])].flatMap(({ uri }) =>
      uri && !uri.startsWith('data:') ? [decodeURIComponent(uri)] : [],
    )
  } catch {
    // The importer says what is wrong with it.
    return []
  }
}

function picturesOf(mtl: Uint8Array): string[] {
  try {
    return [...parseMtl(new TextDecoder().decode(mtl)).values()].flatMap(m =>
      [m.diffuseMap, m.roughnessMap, m.metallicMap, m.emissionMap, m.opacityMap, m.normalMap].filter(p => p !== undefined),
    )
  } catch {
    return []
  }
}
