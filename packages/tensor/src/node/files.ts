import { type FileHandle, open, readdir, rename, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import type { ByteSink, ByteSource } from '../checkpoint/bytes.ts'
import { CheckpointError } from '../checkpoint/error.ts'

/** Bytes read or written by one call of the system. */
const PIECE = 1 << 28
/** Marks files that are being written: `<file>.~<host>-<process>-<count>`. */
const MARK = '.~'

let count = 0
const writing = new Set<string>()

/** Runs `use` with a file open for reading, and closes it. Throws CheckpointError where it cannot be opened. */
export async function withFile<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const file = await open(path, 'r').catch(e => {
    throw explain(e, `read ${path}`)
  })
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new CheckpointError(`Cannot read ${path}: it is not a file. Give the path of a checkpoint.`)
    return await use({ name: path, size: stat.size, readInto: (offset, into) => readInto(file, path, offset, into) })
  } finally {
    await file.close()
  }
}

/**
 * Writes a file that is there whole or not at all: into a temporary file beside it, flushed, then renamed over it. When the process is killed
 * or `write` throws, the old file stays as it was. Leftovers of killed processes of this machine are swept away.
 * Throws CheckpointError where the disk is full, or the folder is missing or locked.
 */
export async function writeFileAtomic(path: string, write: (sink: ByteSink) => Promise<void>): Promise<void> {
  const target = resolve(path)
  await sweep(target)
  const temporary = `${target}${MARK}${hostname()}-${process.pid}-${count++}`
  writing.add(temporary)
  try {
    const file = await open(temporary, 'wx')
    try {
      await write({ write: bytes => writeAll(file, bytes) })
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, target)
    await syncFolder(dirname(target))
  } catch (e) {
    await unlink(temporary).catch(() => {})
    throw explain(e, `write ${path}`)
  } finally {
    writing.delete(temporary)
  }
}

async function readInto(file: FileHandle, path: string, offset: number, into: Uint8Array): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.read(into, done, Math.min(PIECE, into.length - done), offset + done).catch(e => {
      throw explain(e, `read ${path}`)
    })
    if (bytesRead === 0) throw new CheckpointError(`${path} became shorter while it was read: another process writes it. Try again.`)
    done += bytesRead
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(PIECE, bytes.length - done))
    done += bytesWritten
  }
}

/** Deletes temporary files of the target whose process on this machine has ended. */
async function sweep(target: string): Promise<void> {
  const start = `${basename(target)}${MARK}${hostname()}-`
  for (const name of await readdir(dirname(target)).catch(() => [])) {
    const file = join(dirname(target), name)
    const pid = name.startsWith(start) ? /^(\d+)-\d+$/.exec(name.slice(start.length))?.[1] : undefined
    if (pid !== undefined && !writing.has(file) && !isRunning(Number(pid))) await unlink(file).catch(() => {})
  }
}

function isRunning(pid: number): boolean {
  // A file of this very process number that is not being written is left of an earlier process of that number.
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; there the rename itself is journalled.
  const handle = await open(folder, 'r').catch(() => undefined)
  try {
    await handle?.sync().catch(() => {})
  } finally {
    await handle?.close()
  }
}

/** The system's error in words. */
export function explain(e: unknown, what: string): unknown {
  const code = (e as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return new CheckpointError(`Cannot ${what}: there is no such file or folder. Check the path.`)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new CheckpointError(`Cannot ${what}: the disk is full. Free some space; the file that was there is kept.`)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new CheckpointError(`Cannot ${what}: no permission. Choose a place you may use.`)
  if (code === 'EISDIR' || code === 'ENOTDIR')
    return new CheckpointError(`Cannot ${what}: a folder stands where a file should be, or the reverse. Check the path.`)
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return new CheckpointError(`Cannot ${what}: ${(e as Error).message}`)
  return e
}
