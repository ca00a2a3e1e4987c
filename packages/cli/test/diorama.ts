/** Runs the real command in a process of its own. */
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
export const root = fileURLToPath(new URL('../../..', import.meta.url))
const NODE = ['--conditions=@dioramic/source', main]

export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

export function diorama(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Promise<Outcome> {
  return new Promise(resolve => {
    const env = { ...process.env, NO_COLOR: '1', ...options.env }
    execFile(process.execPath, [...NODE, ...args], { cwd: options.cwd ?? root, env, maxBuffer: 2 ** 26 }, (error, out, err) => {
      const code = error ? ((error as { code?: number }).code ?? -1) : 0
      resolve({ code: typeof code === 'number' ? code : -1, out, err })
    })
  })
}

/** A run that a test can kill; `done` gives the exit code, or the signal's name. */
export function start(args: readonly string[], cwd = root) {
  const child = spawn(process.execPath, [...NODE, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', d => {
    out += String(d)
  })
  child.stderr.on('data', d => {
    err += String(d)
  })
  const done = new Promise<number | string>(resolve => child.on('close', (code, signal) => resolve(signal ?? code ?? -1)))
  return { child, done, out: () => out, err: () => err }
}

/** A folder for one test, removed by `clean`. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'diorama-test-'))
  return { folder, at: (...path: string[]) => join(folder, ...path), clean: () => rmSync(folder, { recursive: true, force: true }) }
}

/** JSON lines by event. */
export const events = (out: string): { event: string; [key: string]: unknown }[] =>
  out
    .split('\n')
    .filter(l => l.startsWith('{'))
    .map(l => JSON.parse(l))

export const TINY = [
  '--size',
  '32x24',
  '--frames',
  '2',
  '--spp',
  '1',
  '--bounces',
  '3',
  '--labels',
  'segmentation,depth,pose,visible-pixels',
]
