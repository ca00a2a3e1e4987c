import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HullStore } from '../assets/hulls.ts'
import { cacheFolder, replaceFile } from './files.ts'

/** Where decompositions are kept when nobody says: `$DIORAMA_CACHE/hulls`, else the user's cache folder. Null where there is no home. */
export function defaultHullFolder(): string | null {
  try {
    return cacheFolder('hulls')
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
      try {
        await mkdir(folder, { recursive: true })
        await replaceFile(join(folder, name), bytes)
      } catch {
        // A cache is a courtesy.
      }
    },
  }
}
