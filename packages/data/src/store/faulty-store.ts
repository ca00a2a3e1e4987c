/**
 * A store that goes wrong at its n-th operation (counted from 1), for recovery tests that run every n, as SQLite's do
 * (https://www.sqlite.org/testing.html, "I/O error testing" and "crash testing").
 */
import type { BlobInfo, BlobStore } from './blob-store.ts'

export interface Faults {
  /** The n-th operation throws and does nothing; later ones work. */
  readonly failAt?: number
  /** The n-th operation takes effect, but its answer is lost; later ones work. */
  readonly loseAt?: number
  /** The n-th operation takes half effect (half the bytes, half the files of a folder), and the process is dead from then on. */
  readonly tearAt?: number
  /** The n-th operation does nothing, and the process is dead from then on. */
  readonly dieAt?: number
}

export class StoreFault extends Error {
  override readonly name = 'StoreFault'
}

export class FaultyStore implements BlobStore {
  readonly name: string
  /** Operations begun so far. */
  operations = 0
  readonly inner: BlobStore
  readonly faults: Faults
  private dead = false
  renameFolder?: (from: string, to: string) => Promise<void>
  append?: (path: string, bytes: Uint8Array) => Promise<void>
  sweep?: () => Promise<void>

  constructor(inner: BlobStore, faults: Faults) {
    this.inner = inner
    this.faults = faults
    this.name = inner.name
    if (inner.renameFolder) {
      this.renameFolder = (from, to) =>
        this.run(
          `rename ${from}`,
          () => inner.renameFolder!(from, to),
          async () => {
            const files = await inner.list(`${from}/`)
            for (const { path } of files.slice(0, Math.ceil(files.length / 2))) {
              await inner.put(to + path.slice(from.length), await inner.get(path))
              await inner.delete(path)
            }
          },
        )
    }
    if (inner.append) {
      this.append = (path, bytes) =>
        this.run(
          `append ${path}`,
          () => inner.append!(path, bytes),
          () => inner.append!(path, bytes.subarray(0, bytes.length >> 1)),
        )
    }
    if (inner.sweep) this.sweep = () => this.run('sweep', () => inner.sweep!())
  }

  put(path: string, bytes: Uint8Array): Promise<void> {
    return this.run(
      `put ${path}`,
      () => this.inner.put(path, bytes),
      () => this.inner.put(path, bytes.subarray(0, bytes.length >> 1)),
    )
  }

  get(path: string, range?: { readonly offset: number; readonly length: number }): Promise<Uint8Array> {
    return this.run(`get ${path}`, () => this.inner.get(path, range))
  }

  head(path: string): Promise<BlobInfo | undefined> {
    return this.run(`head ${path}`, () => this.inner.head(path))
  }

  list(prefix: string): Promise<BlobInfo[]> {
    return this.run(`list ${prefix}`, () => this.inner.list(prefix))
  }

  delete(path: string): Promise<void> {
    return this.run(`delete ${path}`, () => this.inner.delete(path))
  }

  private async run<T>(what: string, effect: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> {
    if (this.dead) throw new StoreFault(`${what}: the process is dead`)
    const n = ++this.operations
    if (n === this.faults.failAt) throw new StoreFault(`${what}: failed at operation ${n}`)
    if (n === this.faults.dieAt || n === this.faults.tearAt) {
      this.dead = true
      if (n === this.faults.tearAt) await half?.()
      throw new StoreFault(`${what}: died at operation ${n}`)
    }
    const result = await effect()
    if (n === this.faults.loseAt) throw new StoreFault(`${what}: done, but the answer was lost at operation ${n}`)
    return result
  }
}
