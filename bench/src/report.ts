/** The record that every benchmark leaves: claims with targets, measured side by side in one run (docs/architecture.md). */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'

export interface Claim {
  readonly claim: string
  readonly value: number
  /** From bench/targets.json, or null for a figure that is only reported. */
  readonly target: number | null
  /** Smallest and largest of the repeats, where there were any. */
  readonly interval: readonly [number, number] | null
  readonly holds: boolean | null
}

const targets = JSON.parse(readFileSync(new URL('../targets.json', import.meta.url), 'utf8')) as Record<string, Record<string, number>>

/** A claim judged against its target: `at least` for ratios of speed, `at most` for growth. */
export function judge(
  name: string,
  claim: string,
  value: number,
  sense: 'at least' | 'at most',
  interval: readonly [number, number] | null = null,
): Claim {
  const target = targets[name]?.[claim] ?? null
  const bound = interval ? (sense === 'at least' ? interval[0] : interval[1]) : value
  return { claim, value, target, interval, holds: target === null ? null : sense === 'at least' ? bound >= target : bound <= target }
}

export const figure = (claim: string, value: number, interval: readonly [number, number] | null = null): Claim => ({
  claim,
  value,
  target: null,
  interval,
  holds: null,
})

export function writeReport(name: string, claims: readonly Claim[], details: unknown, file: string | undefined): void {
  for (const c of claims) {
    const verdict = c.holds === null ? '' : c.holds ? `  (target ${c.target}: holds)` : `  (target ${c.target}: MISSED)`
    console.log(
      `${c.claim}: ${Number(c.value.toPrecision(4))}${c.interval ? ` [${c.interval.map(v => Number(v.toPrecision(4))).join(', ')}]` : ''}${verdict}`,
    )
  }
  if (!file) return
  const version = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
  const machine = { cpu: cpus()[0]?.model ?? '?', cores: cpus().length, memory: totalmem(), node: process.version, load: loadavg()[0] }
  writeFileSync(file, `${JSON.stringify({ name, command: process.argv.slice(2).join(' '), version, machine, claims, details }, null, 2)}\n`)
}
