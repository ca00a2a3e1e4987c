/** Scores that are known already: one small file each, so that a run which was stopped goes on, and another recipe starts with what the first one measured. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Score } from './command.ts'

export class ScoreCache {
  private readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  private path(key: unknown): string {
    return join(this.folder, `${createHash('sha256').update(JSON.stringify(key)).digest('hex')}.json`)
  }

  get(key: unknown): Score | undefined {
    try {
      const found = JSON.parse(readFileSync(this.path(key), 'utf8')) as Score
      return typeof found?.score === 'number' ? found : undefined
    } catch {
      return undefined
    }
  }

  put(key: unknown, score: Score): void {
    mkdirSync(this.folder, { recursive: true })
    const path = this.path(key)
    writeFileSync(`${path}.${process.pid}.part`, `${JSON.stringify(score)}\n`)
    renameSync(`${path}.${process.pid}.part`, path)
  }
}
