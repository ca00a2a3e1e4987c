/** Child process: small clips one after another in one renderer, and how much memory the process holds after each stretch (heap: with what lies outside it, but the kernel). Prints JSON. */
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { runInline, settingsSchema, worldSource } from '@dioramic/generate'
import { labelName, selectLabels } from '@dioramic/label'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { NO_ASSETS } from '@dioramic/scene'
import { WORLDS } from '@dioramic/worlds'

const [count, stretch] = process.argv.slice(2).map(Number) as [number, number]
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const settings = settingsSchema.parse({
  size: [32, 32],
  frames: 2,
  spp: 2,
  maxBounces: 4,
  labels: selectLabels('kubric').map(labelName),
})
const labels = selectLabels('kubric')
const renderer = await createRenderer(await loadKernel())
const sources = ['movi-a', 'tabletop'].map(name => worldSource(WORLDS.get(name)!.world, name, {}))
const points: { scenes: number; rss: number; kernel: number; heap: number }[] = []
let frames = 0
let lost = 0
for (let i = 0; i < count; i++) {
  await runInline(
    [i],
    {
      opened: () => undefined,
      frame: async () => void frames++,
      quarantined: async () => void lost++,
    },
    { renderer, source: sources[i % 2]!, seed: 11, settings, assets: NO_ASSETS, labels },
  )
  if ((i + 1) % stretch === 0) {
    // Twice, with a pause: array buffers go after the sweep that found them unused.
    collectGarbage()
    await setTimeout(100)
    collectGarbage()
    const { rss, heapUsed, external } = process.memoryUsage()
    points.push({ scenes: i + 1, rss, kernel: renderer.memoryBytes(), heap: heapUsed + external - renderer.memoryBytes() })
  }
}
console.log(JSON.stringify({ points, frames, lost }))
