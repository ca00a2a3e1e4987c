/**
 * Whole clips through the public API: clips an hour of movi-a and tabletop; memory over 500 scenes in one process; and that a clip's length
 * does not change the memory it takes.
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

/** Least-squares slope and its 95 % interval. */
function slope(x: readonly number[], y: readonly number[]): { value: number; interval: readonly [number, number] } {
  const n = x.length
  const mx = x.reduce((a, b) => a + b, 0) / n
  const my = y.reduce((a, b) => a + b, 0) / n
  const sxx = x.reduce((s, v) => s + (v - mx) ** 2, 0)
  const value = x.reduce((s, v, i) => s + (v - mx) * (y[i]! - my), 0) / sxx
  const rest = y.reduce((s, v, i) => s + (v - my - value * (x[i]! - mx)) ** 2, 0)
  // Student's 97.5 % point is near 2.1 for some twenty points.
  const half = 2.1 * Math.sqrt(rest / (n - 2) / sxx)
  return { value, interval: [value - half, value + half] }
}

export async function run({ quick, json }: { quick: boolean; json: string | undefined }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'diorama-clips-'))
  const claims: Claim[] = []
  const details: Record<string, unknown> = {}
  try {
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
    const held = slopeOf(p => p.heap + p.kernel)
    const resident = slopeOf(p => p.rss)
    claims.push(
      judge('clips', `memory slope over ${count} scenes, KiB a scene`, held.value, 'at most', held.interval),
      judge('clips', `resident memory slope over ${count} scenes, KiB a scene`, resident.value, 'at most', resident.interval),
      judge('clips', 'kernel memory at the end / half way', settled.at(-1)!.kernel / settled[0]!.kernel, 'at most'),
      figure(`resident memory after ${count} scenes, MiB`, settled.at(-1)!.rss / 2 ** 20),
      figure(`scenes of ${count} that could not be made`, lost),
    )
    details['scenes'] = points

    const [short, long] = [12, 120].map(n => child<{ peak: number }>('peak.ts', n, join(folder, `frames-${n}`)).peak) as [number, number]
    claims.push(
      judge('clips', 'peak memory, 120 frames / 12 frames', long / short, 'at most'),
      figure('peak memory of a clip of 120 frames, MiB', long / 2 ** 20),
    )
    details['peak'] = { short, long }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  writeReport('clips', claims, details, json)
}
