/** Scores by a command: any program, in any language, that is given the path of a checkpoint and prints how good it is. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { SoupError } from '../../soups/error.ts'

/** How good a candidate is: `score` decides, higher is better; `values` are all numbers that were printed with it. */
export interface Score {
  readonly score: number
  readonly values: Readonly<Record<string, number>>
}

/** A path as one word of the shell. */
const quoted = (path: string): string =>
  process.platform === 'win32' ? `"${path.replaceAll('"', '""')}"` : `'${path.replaceAll("'", "'\\''")}'`

/**
 * Runs a command of the shell with the candidate's path, in place of `{}` or at its end, and reads its last line: a number (higher is better), or
 * JSON with `score` (higher is better) or `loss` (lower is better) and any other numbers.
 *
 * @throws SoupError with the last lines of stderr when the command fails, or with its last line when that is no score
 */
export async function scoreByCommand(command: string, path: string): Promise<Score> {
  const line = command.includes('{}') ? command.replaceAll('{}', quoted(path)) : `${command} ${quoted(path)}`
  const child = spawn(line, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', d => (out = `${out}${d}`.slice(-1_000_000)))
  child.stderr.on('data', d => (err = `${err}${d}`.slice(-100_000)))
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (c, s) => resolve([c, s]))
  })
  if (code !== 0) {
    const last = err.trim().split('\n').slice(-8).join('\n  ')
    throw new SoupError(`the evaluation failed (${signal ?? `exit code ${code}`}): ${line}${last ? `\n  ${last}` : ''}`)
  }
  return parseScore(out, line)
}

/** The score in what a command printed. @throws SoupError */
export function parseScore(out: string, command: string): Score {
  const last = out.trim().split('\n').at(-1)?.trim() ?? ''
  const wrong = (what: string): never => {
    throw new SoupError(
      `the evaluation ${what}: ${command}\n  Its last line must be a number (higher is better), or JSON such as {"score": 0.81} or {"loss": 1.2}`,
    )
  }
  if (last === '') return wrong('printed nothing')
  let value: unknown
  try {
    // Python prints these words, which JSON lacks.
    value = JSON.parse(last.replace(/\b(NaN|-?Infinity)\b/g, 'null'))
  } catch {
    return wrong(`printed no number but ${JSON.stringify(last.slice(0, 200))}`)
  }
  return scoreOf(value, problem => wrong(`printed ${JSON.stringify(last.slice(0, 200))}, ${problem}`))
}

/** A score from a number or an object. */
export function scoreOf(value: unknown, wrong: (problem: string) => never): Score {
  if (typeof value === 'number' && Number.isFinite(value)) return { score: value, values: {} }
  if (typeof value !== 'object' || value === null) return wrong('which is no finite number')
  const values = Object.fromEntries(
    Object.entries(value).filter((e): e is [string, number] => typeof e[1] === 'number' && Number.isFinite(e[1])),
  )
  const { score, loss } = values
  if (score !== undefined && loss === undefined) return { score, values }
  if (loss !== undefined && score === undefined) return { score: -loss, values }
  return wrong(score === undefined ? 'which has neither a finite "score" nor "loss"' : 'which has both "score" and "loss"')
}

/** Files of a command that decide what it answers; others may be what it writes. */
const SOURCE = /\.(py|ipynb|sh|bash|[cm]?[jt]s|rb|r|jl|pl|lua|ya?ml|toml|cfg|ini)$/i

/** What decides a command's answers as far as can be seen: its words, the folder, and the contents of the programs and settings among its words. */
export function commandIdentity(command: string): string {
  const words = command.split(/[\s'"=]+/).filter(w => SOURCE.test(w) && existsSync(w))
  const files = words.map(w => [w, createHash('sha256').update(readFileSync(w)).digest('hex')])
  return JSON.stringify({ command, files, folder: process.cwd() })
}
