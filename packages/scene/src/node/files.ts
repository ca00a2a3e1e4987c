/** Files that are there whole or not at all, and where those are kept that can be had again. */
import { randomUUID } from 'node:crypto'
import { access, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Whether a file or folder exists. */
export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Writes beside the target and renames, so that the target is the old or the new file, never half of one, whoever else writes it. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}.part`
  try {
    await writeFile(draft, content)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/** A folder of `$DIORAMA_CACHE`, else of the user's cache folder. Throws where there is no home. */
export const cacheFolder = (name: string): string =>
  join(process.env['DIORAMA_CACHE'] || join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'diorama'), name)
