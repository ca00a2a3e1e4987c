import { AssetError } from './error.ts'

/** Files of an asset by path, with `/` between folders. */
export type Files = ReadonlyMap<string, Uint8Array>

export const extensionOf = (path: string): string => /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
export const stemOf = (path: string): string => baseName(path).replace(/\.[A-Za-z0-9]+$/, '')

export const MESH_EXTENSIONS: readonly string[] = ['obj', 'ply', 'stl', 'gltf', 'glb']
export const PICTURE_EXTENSIONS: readonly string[] = ['png', 'jpg', 'jpeg']
export const HDR_EXTENSIONS: readonly string[] = ['hdr', 'exr']

/** `name` as written inside the file `from`: relative to its folder, `\\` for `/` allowed, `.` and `..` worked out. */
export function relativeTo(from: string, name: string): string {
  const parts = from.split('/').slice(0, -1)
  for (const part of name.replaceAll('\\', '/').split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return (from.startsWith('/') ? '/' : '') + parts.filter(p => p !== '').join('/')
}

export function fileOf(files: Files, path: string): Uint8Array {
  const bytes = files.get(path)
  if (!bytes) throw new AssetError(`there is no file ${path}`)
  return bytes
}
