/** A run that is killed again and again, anywhere, ends with the bits of one that never was. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Key } from '@dioramic/tensor'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { arraysOf } from './saved.ts'

const KILLS = process.env['DIORAMA_LONG'] === undefined ? 4 : 20
/** More kills at most, while no life has begun within an epoch, between two updates and a few batches on: of four lives, one run in eighty has none, more on a busy machine. */
const MORE = 12
/** Batches that a life reads before it is killed, at most. */
const LIFE = 7
const UPDATES = Math.ceil(((KILLS + MORE) * (LIFE + 4)) / 3)

interface Begin {
  readonly epoch: number
  readonly index: number
  readonly accumulated: number
  readonly batches: number
}

interface Life {
  readonly begin: Begin
  readonly killed: boolean
}

/** One process of the run, killed `delay` milliseconds after it began to read batch number `after` of its life; left alone without. */
function live(path: string, threads: number, kill?: { readonly after: number; readonly delay: number }): Promise<Life> {
  const script = fileURLToPath(new URL('./resume-run.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@dioramic/source', script, path, `${threads}`, `${UPDATES}`])
  let error = ''
  child.stderr.on('data', d => (error += d))
  let begin: Begin | undefined
  let read = 0
  createInterface(child.stdout).on('line', line => {
    if (line.startsWith('begin ')) begin = JSON.parse(line.slice(6)) as Begin
    if (line.startsWith('batch ') && ++read === kill?.after) setTimeout(() => child.kill('SIGKILL'), kill.delay)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (begin && (code === 0 || signal === 'SIGKILL')) resolve({ begin, killed: signal === 'SIGKILL' })
      else reject(new Error(`the run ended with ${code ?? signal}: ${error}`))
    })
  })
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'resume-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const key = Key.fromSeed(Number(process.env['FC_SEED'] ?? Date.now() % 100_000))

for (const threads of [1, 2])
  it(`${KILLS} kills, ${threads} thread${threads === 1 ? '' : 's'}, seed ${key.words}`, async () => {
    const [whole, killed] = [join(folder, `whole-${threads}`), join(folder, `killed-${threads}`)]
    expect(await live(whole, threads)).toMatchObject({ begin: { batches: 0 }, killed: false })
    const lives: Life[] = []
    const met = (): boolean =>
      lives.some(l => l.begin.index > 0) && lives.some(l => l.begin.accumulated > 0) && lives.some(l => l.begin.batches > KILLS)
    for (let i = 0; i < KILLS || (i < KILLS + MORE && !met()); i++) {
      const at = key.fork(threads).fork(i)
      const part = (name: string): number => at.fork(name).words[0] / 2 ** 32
      lives.push(await live(killed, threads, { after: 1 + Math.floor(part('after') * LIFE), delay: part('delay') * 8 }))
    }
    expect(lives.every(l => l.killed)).toBe(true)
    lives.push(await live(killed, threads))
    const told = JSON.stringify(lives.map(l => l.begin))
    expect(met(), told).toBe(true)
    expect(arraysOf(killed)).toBe(arraysOf(whole))
  })
