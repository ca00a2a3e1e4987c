/** Clips an hour on one core of MOVi-A, C and F as they are published (24 frames, 256² or 512², 64 samples a pixel, Kubric's labels), and what building and settling take of it. */
import { join } from 'node:path'
import { FolderStore } from '@dioramic/data/node'
import { makeClip, settingsSchema } from '@dioramic/generate'
import { generate, loadSource, sourceRef } from '@dioramic/generate/node'
import { labelName, selectLabels } from '@dioramic/label'
import { NO_ASSETS } from '@dioramic/scene'
import { type Claim, figure } from '../report.ts'

const SIZES = { 'movi-a': 256, 'movi-c': 256, 'movi-f': 512 } as const
export type Rated = keyof typeof SIZES
export const RATED = Object.keys(SIZES) as readonly Rated[]

/** Frames of MOVi's clips: what fewer are prolonged to. */
export const WHOLE = 24

export async function rate(
  name: Rated,
  quick: boolean,
  folder: string,
  frames = quick ? 4 : WHOLE,
): Promise<{ claims: Claim[]; details: unknown }> {
  const size = quick ? SIZES[name] / 4 : SIZES[name]
  const settings = settingsSchema.parse({
    size: [size, size],
    frames,
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
    workers: 0,
    settings,
  })
  const used = process.cpuUsage(before)
  const cpu = (u: NodeJS.CpuUsage) => (u.user + u.system) / 1e6
  // Building is done once, whatever the frames.
  const prolonged = (whole: number) => cpu(built) + (WHOLE / frames) * (whole - cpu(built))
  const made = prolonged(cpu(used) - cpu(built))
  return {
    claims: [
      figure(`${name} at ${size}²: clips an hour a core`, 3600 / made),
      figure(`${name} at ${size}²: the same by the wall clock`, 3600 / prolonged(seconds)),
      figure(`${name}: CPU seconds to build and simulate a clip, of ${made.toFixed(0)} for the whole`, cpu(built)),
    ],
    details: { frames, seconds, buildCpuSeconds: cpu(built), cpuSeconds: made },
  }
}
