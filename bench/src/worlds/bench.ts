/** Clips an hour of MOVi-A, C and F as they are published (24 frames, 256² or 512², 64 samples a pixel, Kubric's labels), and what building and settling take of it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FolderStore } from '@dioramic/data/node'
import { makeClip, settingsSchema } from '@dioramic/generate'
import { generate, loadSource, sourceRef } from '@dioramic/generate/node'
import { labelName, selectLabels } from '@dioramic/label'
import { NO_ASSETS } from '@dioramic/scene'
import { type Claim, figure, writeReport } from '../report.ts'

const SIZES = { 'movi-a': 256, 'movi-c': 256, 'movi-f': 512 } as const

export async function run({
  quick,
  json,
  only,
}: {
  readonly quick: boolean
  readonly json: string | undefined
  readonly only: readonly string[]
}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'diorama-worlds-'))
  const claims: Claim[] = []
  const details: Record<string, unknown> = {}
  try {
    for (const [name, full] of Object.entries(SIZES)) {
      if (only.length > 0 && !only.includes(name)) continue
      const size = quick ? full / 4 : full
      const settings = settingsSchema.parse({
        size: [size, size],
        frames: quick ? 4 : 24,
        spp: quick ? 16 : 64,
        labels: selectLabels('kubric').map(labelName),
      })
      const source = await loadSource(sourceRef(name, {}))
      const before = process.cpuUsage()
      await makeClip({ source, seed: 7, index: 0, settings, assets: NO_ASSETS })
      const built = process.cpuUsage(before)
      const { seconds } = await generate({
        source: sourceRef(name, {}),
        store: new FolderStore(join(folder, name)),
        seed: 7,
        count: 1,
        settings,
      })
      const used = process.cpuUsage(before)
      const cpu = (u: NodeJS.CpuUsage) => (u.user + u.system) / 1e6
      details[name] = { clipsPerHour: 3600 / seconds, seconds, buildCpuSeconds: cpu(built), cpuSeconds: cpu(used) - cpu(built) }
      claims.push(
        figure(`${name} at ${size}²: clips an hour`, 3600 / seconds),
        figure(
          `${name}: CPU seconds to build and simulate a clip, of ${((used.user + used.system) / 1e6).toFixed(0)} for the whole`,
          cpu(built),
        ),
      )
    }
    writeReport('worlds', claims, details, json)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
