/**
 * Whole clips through the public API: clips an hour of movi-a and tabletop (`rates`); memory over 500 scenes in one process (`scenes`); and that a
 * clip's length does not change the memory it takes (`peaks`).
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FolderStore } from '@dioramic/data/node'
import { settingsSchema } from '@dioramic/generate'
import { generate } from '@dioramic/generate/node'
import { labelName, selectLabels } from '@dioramic/label'
import { type Claim, figure, judge, writeReport } from '../report.ts'

function child<T>(file: string, ...args: (string | number)[]): T {
  const script = fileURLToPath(new URL(file, import.meta.url))
  const out = execFileSync(process.execPath, [...process.execArgv, script, ...args.map(String)], { encoding: 'utf8' })
  return JSON.parse(out.trim().split('\n').at(-1)!) as T
}

interface Rate {
  readonly clipsPerHour: number
  /** CPU seconds a clip, all threads. */
  readonly cpuSeconds: number
  readonly bytes: number
}

async function rate(name: string, folder: string, size: number, frames: number, spp: number): Promise<Rate> {
  let bytes = 0
  const cpu = process.cpuUsage()
  const { seconds } = await generate({
    source: { kind: 'builtin', name, config: {} },
    store: new FolderStore(join(folder, name)),
    seed: 7,
    count: 1,
    settings: settingsSchema.parse({ size: [size, size], frames, spp, labels: selectLabels('kubric').map(labelName) }),
    on: e => {
      if (e.type === 'clip') bytes += e.entry.bytes
      if (e.type === 'quarantined') throw new Error(`${name}: ${e.record.reason}`)
    },
  })
  const used = process.cpuUsage(cpu)
  return { clipsPerHour: 3600 / seconds, cpuSeconds: (used.user + used.system) / 1e6, bytes }
}

/** Median slope over all pairs of points (Theil 1950, Sen 1968): a stretch in which the collector held something back does not tilt it. */
function slope(x: readonly number[], y: readonly number[]): number {
  const slopes: number[] = []
  for (let i = 0; i < x.length; i++) for (let j = 0; j < i; j++) slopes.push((y[i]! - y[j]!) / (x[i]! - x[j]!))
  return slopes.sort((p, q) => p - q)[slopes.length >> 1]!
}

interface Part {
  readonly claims: readonly Claim[]
  readonly details: unknown
}

async function rates(quick: boolean, folder: string): Promise<Part> {
  const claims: Claim[] = []
  const details: Record<string, unknown> = {}
  const [size, frames, spp] = quick ? [96, 4, 16] : [256, 24, 64]
  for (const name of ['movi-a', 'tabletop']) {
    const r = await rate(name, folder, size!, frames!, spp!)
    const what = `${name} at ${size}², ${frames} frames, ${spp} spp`
    claims.push(
      figure(`${what}: clips an hour`, r.clipsPerHour),
      figure(`${what}: CPU seconds a clip`, r.cpuSeconds),
      figure(`${what}: MB a clip`, r.bytes / 1e6),
    )
    details[name] = r
  }
  return { claims, details }
}

async function scenes(quick: boolean): Promise<Part> {
  const count = quick ? 60 : 500
  const { points, lost } = child<{ points: { scenes: number; rss: number; kernel: number; heap: number }[]; lost: number }>(
    'scenes.ts',
    count,
    count / 20,
  )
  // The first half fills caches and the allocator's reserve. What the program holds is counted exactly; the resident size moves in the
  // allocator's steps of a quarter of a MiB, so it is held to less.
  const settled = points.slice(points.length / 2)
  const slopeOf = (value: (p: (typeof points)[number]) => number) =>
    slope(
      settled.map(p => p.scenes),
      settled.map(p => value(p) / 1024),
    )
  return {
    claims: [
      judge(
        'clips',
        `memory slope over ${count} scenes, KiB a scene`,
        slopeOf(p => p.heap + p.kernel),
        'at most',
      ),
      judge(
        'clips',
        `resident memory slope over ${count} scenes, KiB a scene`,
        slopeOf(p => p.rss),
        'at most',
      ),
      judge('clips', 'kernel memory at the end / half way', settled.at(-1)!.kernel / settled[0]!.kernel, 'at most'),
      figure(`resident memory after ${count} scenes, MiB`, settled.at(-1)!.rss / 2 ** 20),
      figure(`scenes of ${count} that could not be made`, lost),
    ],
    details: points,
  }
}

async function peaks(_quick: boolean, folder: string): Promise<Part> {
  // The peak moves by a tenth with the moments that the collector picks: medians of three, taken in turn.
  const taken: Record<12 | 120, number[]> = { 12: [], 120: [] }
  for (let i = 0; i < 3; i++) {
    for (const n of [12, 120] as const) taken[n].push(child<{ peak: number }>('peak.ts', n, join(folder, `frames-${n}-${i}`)).peak)
  }
  const middle = (x: number[]) => x.sort((a, b) => a - b)[1]!
  return {
    claims: [
      judge('clips', 'peak memory, 120 frames / 12 frames', middle(taken[120]) / middle(taken[12]), 'at most'),
      figure('peak memory of a clip of 120 frames, MiB', middle(taken[120]) / 2 ** 20),
    ],
    details: taken,
  }
}

const PARTS: Readonly<Record<string, (quick: boolean, folder: string) => Promise<Part>>> = { rates, scenes, peaks }

export async function run({ quick, json, only }: { quick: boolean; json: string | undefined; only: readonly string[] }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'diorama-clips-'))
  const claims: Claim[] = []
  const details: Record<string, unknown> = {}
  try {
    for (const [name, part] of Object.entries(PARTS)) {
      if (only.length > 0 && !only.includes(name)) continue
      const done = await part(quick, folder)
      claims.push(...done.claims)
      details[name] = done.details
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  writeReport('clips', claims, details, json)
}
