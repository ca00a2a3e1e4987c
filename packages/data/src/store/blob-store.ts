/** Where bytes live: a folder, memory, an object store. Paths are relative, with `/`, never starting or ending with one. */

export interface BlobInfo {
  readonly path: string
  readonly bytes: number
}

export interface BlobStore {
  /** How people find it; for messages. */
  readonly name: string
  /** Writes all or nothing, and replaces what was there. Durable when the promise resolves. */
  put(path: string, bytes: Uint8Array): Promise<void>
  /** The whole blob, or `length` bytes from `offset`. Throws `MissingBlob`. */
  get(path: string, range?: { readonly offset: number; readonly length: number }): Promise<Uint8Array>
  /** Undefined when there is none. */
  head(path: string): Promise<BlobInfo | undefined>
  /** Every blob whose path starts with `prefix`, by path in UTF-16 order. Leftovers of interrupted puts do not show. */
  list(prefix: string): Promise<BlobInfo[]>
  /** Fine when there is nothing. */
  delete(path: string): Promise<void>
  /** Moves a whole folder at once, atomically; the destination must not exist. Stores that cannot, lack it. */
  renameFolder?(from: string, to: string): Promise<void>
  /** Adds to the end of a log. Not atomic; without it, logs are rewritten whole. */
  append?(path: string, bytes: Uint8Array): Promise<void>
  /** Deletes leftovers of interrupted puts. */
  sweep?(): Promise<void>
}

export class MissingBlob extends Error {
  override readonly name = 'MissingBlob'
  readonly path: string
  constructor(store: string, path: string) {
    super(`${store} has no file ${path}`)
    this.path = path
  }
}

export const byPath = (a: BlobInfo, b: BlobInfo): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)

/** Throws on paths that could leave the store or differ between systems. */
export function requirePath(path: string): void {
  if (path === '' || path.includes('\\') || path.split('/').some(p => p === '' || p === '.' || p === '..'))
    throw new RangeError(`${JSON.stringify(path)} is not a path inside a store; use relative paths with single slashes`)
}

/** Deletes every blob under a folder. */
export async function deleteFolder(store: BlobStore, folder: string): Promise<void> {
  for (const { path } of await store.list(`${folder}/`)) await store.delete(path)
}
