/** Raw records: one file a run, used again only by the same code with the same settings. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Json } from '../experiment.ts'

const packages = fileURLToPath(new URL('../../..', import.meta.url))

const sourcesOf = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(e =>
      e.isDirectory()
        ? sourcesOf(join(folder, e.name))
        : e.name.endsWith('.ts') && !e.name.includes('.test') && !e.name.startsWith('.')
          ? [join(folder, e.name)]
          : [],
    )

/** SHA-256 of the source in some folders, or of files (from `packages/`), tests left out. */
export function codeHash(folders: readonly string[]): string {
  const hash = createHash('sha256')
  for (const folder of folders) {
    const at = join(packages, folder)
    if (!existsSync(at)) throw new Error(`an experiment names the source ${folder}, which is not in ${packages}`)
    for (const file of /\.(ts|py)$/.test(at) ? [at] : sourcesOf(at))
      hash.update(`${file.slice(packages.length)}\n`).update(readFileSync(file))
  }
  return hash.digest('hex')
}

export interface RunRecord {
  readonly experiment: string
  readonly part: string
  readonly arm: string
  readonly seed: number
  readonly config: Json
  readonly code: string
  readonly seconds: number
  readonly result: Json
}

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12)

/** Where the record of a run is: settings and code are in its name. */
export const recordPath = (folder: string, r: Omit<RunRecord, 'seconds' | 'result'>): string =>
  join(folder, 'records', r.part, `${r.arm}-${r.seed}-${hashOf([r.config, r.code])}.json`)

export function readRecord(path: string): RunRecord | undefined {
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RunRecord
  } catch {
    return undefined
  }
}

/** Writes a file that is there whole or not at all. */
export function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.part`, text)
  renameSync(`${path}.part`, path)
}
