import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { HullStore } from '../assets/hulls.ts'

/** Where decompositions are kept when nobody says: `$DIORAMA_CACHE/hulls`, else the user's cache folder. Null where there is no home. */
export function defaultHullFolder(): string | null {
  try {
    const own = process.env['DIORAMA_CACHE']
    return join(own || join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'diorama'), 'hulls')
  } catch {
    return null
  }
}

/**
 * Keeps decompositions as files of a folder, named by mesh and algorithm and checked by their hash when read, so that results cannot depend
 * on it. A folder that cannot be read or written only costs time.
 */
export function folderHullStore(folder: string): HullStore {
  return {
    read: name => readFile(join(folder, name)).catch(() => null),
    async write(name, bytes) {
      const draft = join(folder, `.${name}.${randomUUID()}`)
      try {
        await mkdir(folder, { recursive: true })
        await writeFile(draft, bytes)
        await rename(draft, join(folder, name))
      } catch {
        // A cache is a courtesy.
        await rm(draft, { force: true }).catch(() => undefined)
      }
    },
  }
}
