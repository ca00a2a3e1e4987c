/** What a run tells, and the forms it is told in. Where it goes is up to the platform (`tensor/node` has files and the terminal). */

export interface LogEntry {
  readonly kind: 'train' | 'evaluation' | 'skipped'
  /** Updates done. */
  readonly step: number
  /** Passes over the data, with the part of the one in hand. */
  readonly epoch: number
  readonly values: Readonly<Record<string, number>>
  /** Updates in all. */
  readonly total: number
  /** Time trained, earlier parts of a resumed run included. */
  readonly seconds: number
  readonly secondsLeft?: number
}

/** A place that entries go to. */
export interface Log {
  /** A run begins, or goes on after `step` updates: what was logged beyond is of a life that was lost. */
  begin?(step: number): void | Promise<void>
  write(entry: LogEntry): void | Promise<void>
  end?(): void | Promise<void>
}

const rounded = (x: number): number | string => (Number.isFinite(x) ? Number(x.toPrecision(7)) : `${x}`)

/** An entry as one line of JSON (without its line end). Numbers that JSON lacks are strings. */
export function jsonLine({ kind, step, epoch, values, seconds }: LogEntry): string {
  const numbers = Object.fromEntries(Object.entries(values).map(([k, v]) => [k, rounded(v)]))
  return JSON.stringify({ kind, step, epoch: rounded(epoch), seconds: rounded(seconds), ...numbers })
}

/** An entry as a line for people: how far, what, and how long still. */
export function progressLine({ kind, step, total, values, secondsLeft }: LogEntry, width = 24): string {
  const part = total > 0 ? Math.min(1, step / total) : 1
  const full = Math.round(part * width)
  const bar = '█'.repeat(full) + '░'.repeat(width - full)
  const numbers = Object.entries(values)
    .map(([k, v]) => `${k} ${Math.abs(v) >= 1e-3 || v === 0 ? v.toPrecision(4) : v.toExponential(2)}`)
    .join('  ')
  const left = secondsLeft === undefined ? '' : `  ${duration(secondsLeft)} left`
  return `${bar} ${step}/${total}${left}  ${kind === 'train' ? '' : `${kind}: `}${numbers}`
}

/** 75 → 1:15, 3725 → 1:02:05. */
export function duration(seconds: number): string {
  const s = Math.round(seconds)
  const two = (n: number) => `${n}`.padStart(2, '0')
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`
}

/** Entries as CSV, one row an entry; columns in the order of first appearance, empty where an entry has no such number. */
export function csvOf(entries: readonly LogEntry[]): string {
  const names = [...new Set(entries.flatMap(e => Object.keys(e.values)))]
  const rows = entries.map(e => [
    e.step,
    e.kind,
    rounded(e.epoch),
    rounded(e.seconds),
    ...names.map(n => (n in e.values ? rounded(e.values[n]!) : '')),
  ])
  return [['step', 'kind', 'epoch', 'seconds', ...names], ...rows].map(r => r.join(',')).join('\n') + '\n'
}

/** Keeps entries in memory. */
export class MemoryLog implements Log {
  readonly entries: LogEntry[] = []
  write(entry: LogEntry): void {
    this.entries.push(entry)
  }
}
