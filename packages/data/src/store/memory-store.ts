import { type BlobInfo, type BlobStore, byPath, MissingBlob, requirePath } from './blob-store.ts'

/** A store in a map. With `folders: false` it behaves like an object store: no folder can be renamed. */
export class MemoryStore implements BlobStore {
  readonly name: string
  readonly blobs = new Map<string, Uint8Array>()
  renameFolder?: (from: string, to: string) => Promise<void>

  constructor(options: { readonly name?: string; readonly folders?: boolean } = {}) {
    this.name = options.name ?? 'memory'
    if (options.folders !== false) this.renameFolder = (from, to) => this.moveFolder(from, to)
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    requirePath(path)
    this.blobs.set(path, bytes.slice())
  }

  async get(path: string, range?: { readonly offset: number; readonly length: number }): Promise<Uint8Array> {
    const blob = this.blobs.get(path)
    if (!blob) throw new MissingBlob(this.name, path)
    return range ? blob.slice(range.offset, range.offset + range.length) : blob.slice()
  }

  async head(path: string): Promise<BlobInfo | undefined> {
    const blob = this.blobs.get(path)
    return blob && { path, bytes: blob.length }
  }

  async list(prefix: string): Promise<BlobInfo[]> {
    return [...this.blobs]
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, blob]) => ({ path, bytes: blob.length }))
      .sort(byPath)
  }

  async delete(path: string): Promise<void> {
    this.blobs.delete(path)
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    const old = this.blobs.get(path) ?? new Uint8Array(0)
    const all = new Uint8Array(old.length + bytes.length)
    all.set(old)
    all.set(bytes, old.length)
    this.blobs.set(path, all)
  }

  private async moveFolder(from: string, to: string): Promise<void> {
    if ((await this.list(`${to}/`)).length > 0) throw new Error(`${this.name} already has a folder ${to}`)
    for (const { path } of await this.list(`${from}/`)) {
      this.blobs.set(to + path.slice(from.length), this.blobs.get(path)!)
      this.blobs.delete(path)
    }
  }
}
