/** Data that a user brings: found by name, never fetched. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where data are looked for: a folder of the user's, one beside the checkout, a cache in it. */
const root = join(import.meta.dirname, '../../../..')
const FOLDERS = [process.env['DIORAMA_DATA'], join(root, '../shared/data'), join(root, '.cache/data')].filter(f => f !== undefined)

/** The bytes of a file, where one of the folders has it. */
export function dataBytes(name: string): Buffer | undefined {
  const path = FOLDERS.map(f => join(f, name)).find(existsSync)
  return path === undefined ? undefined : readFileSync(path)
}

/** The text of a file, where one of the folders has it. */
export const dataText = (name: string): string | undefined => dataBytes(name)?.toString('utf8')

/** What a page says of data that are not here. */
export const lacking = (what: string, files: string): string =>
  `${what} not measured: ${files} not found; put ${files.includes(' ') ? 'them' : 'it'} into a folder and name that in DIORAMA_DATA.`
