import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HullStore } from '../assets/hulls.ts'

/** Keeps decompositions as files of a folder. A folder that cannot be written only costs time. */
export function folderHullStore(folder: string): HullStore {
  return {
    read: name => readFile(join(folder, name)).catch(() => null),
    async write(name, bytes) {
      try {
        await mkdir(folder, { recursive: true })
        const draft = join(folder, `.${name}.${process.pid}`)
        await writeFile(draft, bytes)
        await rename(draft, join(folder, name))
      } catch {
        // A cache is a courtesy.
      }
    },
  }
}
