/** One clip of MOVi-A in a process of its own: `own-clip.ts SEED SPP denoise|plain FRAMES FOLDER`. Prints what it took, from the start of the process, as kubric_equivalent.py does. */
import { FolderStore } from '@dioramic/data/node'
import { settingsSchema } from '@dioramic/generate'
import { generate, sourceRef } from '@dioramic/generate/node'
import { labelName, selectLabels } from '@dioramic/label'
import { FILTER_GLOSSY } from './filter-glossy.ts'

const mark = () => {
  const { user, system } = process.cpuUsage()
  return { cpuSeconds: (user + system) / 1e6, wallSeconds: performance.now() / 1000 }
}
const [seed, spp, light, frames, folder] = process.argv.slice(2) as [string, string, string, string, string]
const start = mark()
let first = start
let rendered = start
await generate({
  source: sourceRef('movi-a', {}),
  store: new FolderStore(folder),
  seed: Number(seed),
  count: 1,
  workers: 0,
  settings: settingsSchema.parse({
    frames: Number(frames),
    spp: Number(spp),
    maxBounces: 12,
    filterGlossy: FILTER_GLOSSY,
    denoise: light === 'denoise',
    labels: selectLabels('kubric').map(labelName),
  }),
  on: e => {
    if (e.type === 'quarantined') throw new Error(e.record.reason)
    if (e.type !== 'frame') return
    rendered = mark()
    if (e.done === 1) first = rendered
  },
})
console.log(JSON.stringify({ marks: { start, first, rendered, written: mark() } }))
