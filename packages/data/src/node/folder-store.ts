import { randomUUID } from 'node:crypto'
import { appendFile, mkdir, open, readdir, readFile, rename, rm, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { DataError } from '../error.ts'
import { type BlobInfo, type BlobStore, byPath, MissingBlob, requirePath } from '../store/blob-store.ts'

/** Names of files being written; `list` hides them and `sweep` deletes them. */
const TEMPORARY = '.~'

const code = (e: unknown) => (e as NodeJS.ErrnoException).code

/** A folder on disk. Every put goes to a temporary file, is flushed and renamed, so a file is there whole or not at all, even after a power cut. */
export class FolderStore implements BlobStore {
  readonly root: string
  private readonly made = new Set<string>()

  /** The folder is made at the first put. */
  constructor(root: string) {
    this.root = resolve(root)
  }

  get name(): string {
    return this.root
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    requirePath(path)
    try {
      await this.write(path, bytes)
    } catch (e) {
      // A concurrent delete may have taken the empty folder away.
      if (code(e) !== 'ENOENT') throw this.explain(e, `write ${join(this.root, path)}`)
      this.made.clear()
      await this.write(path, bytes).catch(again => {
        throw this.explain(again, `write ${join(this.root, path)}`)
      })
    }
  }

  private async write(path: string, bytes: Uint8Array): Promise<void> {
    const target = join(this.root, path)
    const folder = dirname(target)
    const temporary = join(folder, `${TEMPORARY}${randomUUID()}`)
    try {
      await this.makeFolder(folder)
      const file = await open(temporary, 'wx')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(temporary, target)
      await syncFolder(folder)
    } catch (e) {
      await unlink(temporary).catch(() => {})
      throw e
    }
  }

  async get(path: string, range?: { readonly offset: number; readonly length: number }): Promise<Uint8Array> {
    requirePath(path)
    try {
      if (!range) return new Uint8Array(await readFile(join(this.root, path)))
      const file = await open(join(this.root, path), 'r')
      try {
        const out = new Uint8Array(range.length)
        let done = 0
        while (done < range.length) {
          const { bytesRead } = await file.read(out, done, range.length - done, range.offset + done)
          if (bytesRead === 0) return out.subarray(0, done)
          done += bytesRead
        }
        return out
      } finally {
        await file.close()
      }
    } catch (e) {
      if (code(e) === 'ENOENT' || code(e) === 'ENOTDIR') throw new MissingBlob(this.name, path)
      throw this.explain(e, `read ${join(this.root, path)}`)
    }
  }

  async head(path: string): Promise<BlobInfo | undefined> {
    requirePath(path)
    try {
      const s = await stat(join(this.root, path))
      return s.isFile() ? { path, bytes: s.size } : undefined
    } catch (e) {
      if (code(e) === 'ENOENT' || code(e) === 'ENOTDIR') return undefined
      throw this.explain(e, `read ${join(this.root, path)}`)
    }
  }

  async list(prefix: string): Promise<BlobInfo[]> {
    const out: BlobInfo[] = []
    const cut = prefix.lastIndexOf('/')
    await this.walk(cut < 0 ? '' : prefix.slice(0, cut), out)
    return out.filter(f => f.path.startsWith(prefix)).sort(byPath)
  }

  async delete(path: string): Promise<void> {
    requirePath(path)
    try {
      await unlink(join(this.root, path))
    } catch (e) {
      if (code(e) !== 'ENOENT') throw this.explain(e, `delete ${join(this.root, path)}`)
    }
    // Folders exist only for their files.
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      if (
        await rmdir(join(this.root, folder)).then(
          () => false,
          () => true,
        )
      )
        return
      this.made.delete(join(this.root, folder))
    }
  }

  async renameFolder(from: string, to: string): Promise<void> {
    requirePath(from)
    requirePath(to)
    const target = join(this.root, to)
    try {
      await this.makeFolder(dirname(target))
      await rename(join(this.root, from), target)
      await syncFolder(dirname(target))
    } catch (e) {
      if (code(e) === 'ENOTEMPTY' || code(e) === 'EEXIST')
        throw new DataError(`${target} already exists; resume the run or choose another folder`)
      throw this.explain(e, `rename ${join(this.root, from)} to ${target}`)
    }
    this.made.clear()
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    requirePath(path)
    const target = join(this.root, path)
    try {
      await this.makeFolder(dirname(target))
      await appendFile(target, bytes)
    } catch (e) {
      throw this.explain(e, `write ${target}`)
    }
  }

  async sweep(): Promise<void> {
    await this.sweepFolder(this.root)
  }

  private async sweepFolder(folder: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const e of entries) {
      const path = join(folder, e.name)
      if (e.isDirectory()) await this.sweepFolder(path)
      else if (e.name.startsWith(TEMPORARY)) await rm(path, { force: true })
    }
  }

  private async walk(folder: string, out: BlobInfo[]): Promise<void> {
    const entries = await readdir(join(this.root, folder), { withFileTypes: true }).catch(e => {
      if (code(e) === 'ENOENT' || code(e) === 'ENOTDIR') return []
      throw this.explain(e, `list ${join(this.root, folder)}`)
    })
    for (const e of entries) {
      const path = folder ? `${folder}/${e.name}` : e.name
      if (e.isDirectory()) await this.walk(path, out)
      else if (!e.name.startsWith(TEMPORARY)) {
        const s = await stat(join(this.root, path)).catch(() => undefined)
        if (s?.isFile()) out.push({ path, bytes: s.size })
      }
    }
  }

  private async makeFolder(folder: string): Promise<void> {
    if (this.made.has(folder)) return
    // Not `recursive`: where a file system refuses (as /proc does), that never returns.
    await mkdir(folder).catch(async e => {
      if (code(e) === 'EEXIST' && (await isFolder(folder))) return
      if (code(e) !== 'ENOENT' || dirname(folder) === folder || (await isFolder(dirname(folder)))) throw e
      await this.makeFolder(dirname(folder))
      await mkdir(folder).catch(async again => {
        if (code(again) !== 'EEXIST' || !(await isFolder(folder))) throw again
      })
    })
    this.made.add(folder)
  }

  private explain(e: unknown, what: string): Error {
    const why = code(e)
    if (why === 'ENOSPC' || why === 'EDQUOT')
      return new DataError(
        `Cannot ${what}: the disk is full. Free some space, then run the same command with --resume; finished clips are kept.`,
      )
    if (why === 'EACCES' || why === 'EPERM' || why === 'EROFS')
      return new DataError(`Cannot ${what}: no permission. Choose a folder that you may write to.`)
    if (why === 'ENOTDIR' || why === 'EISDIR' || why === 'EEXIST')
      return new DataError(`Cannot ${what}: a file stands where a folder should be, or the reverse. Choose another folder.`)
    return e instanceof DataError ? e : new DataError(`Cannot ${what}: ${(e as Error).message}`)
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    s => s.isDirectory(),
    () => false,
  )

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; there the rename itself is journalled.
  const handle = await open(folder, 'r').catch(() => undefined)
  try {
    await handle?.sync().catch(() => {})
  } finally {
    await handle?.close()
  }
}
