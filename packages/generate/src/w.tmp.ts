import { DatasetWriter, MemoryStore } from '@dioramic/data'
import { FolderStore } from '@dioramic/data/node'
import { labelName, selectLabels } from '@dioramic/label'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { NO_ASSETS } from '@dioramic/scene'
import { Collector, planRecipe, runInline, settingsSchema } from './index.ts'
import { engineHashes, loadSource } from './node/index.ts'

const renderer = await createRenderer(await loadKernel())
const fake = {
  ...renderer,
  load: (r: any, m: any) => {
    const l = renderer.load(r, m)
    return {
      ...l,
      rays: l.rays,
      radiance: (q: any) => {
        const [w, h] = r.scene.cameras[0].resolution
        const n = w * h
        const color = new Float32Array(n * 3).map((_, i) => (i % 97) / 97)
        return {
          width: w,
          height: h,
          spp: q.spp,
          color,
          half: color,
          albedo: color,
          normal: color,
          depth: new Float32Array(n),
          coverage: new Float32Array(n),
          rays: { closest: 0, shadow: 0 },
        }
      },
      denoise: (f: any) => f.color,
    }
  },
}
for (const world of ['movi-a', 'tabletop']) {
  const labels = selectLabels('kubric')
  const settings = settingsSchema.parse({ size: [64, 48], frames: 3, spp: 1, labels: labels.map(labelName) })
  const source = await loadSource({ kind: 'builtin', name: world, config: {} })
  const recipe = planRecipe({ source, seed: 0, count: 2, settings, labels, formats: ['folder'], hashes: engineHashes() })
  console.log(recipe.hashes)
  const store = new MemoryStore()
  const writer = await DatasetWriter.begin(store, recipe)
  const c = new Collector(writer, {
    frame: (a, b) => console.log('frame', a, b),
    committed: e => console.log(e),
    quarantined: (a, b, c) => console.log('Q', a, b, c),
  })
  const t0 = Date.now()
  await runInline([0, 1], c, { renderer: fake as any, source, seed: 0, settings, assets: NO_ASSETS, labels })
  console.log(Date.now() - t0, 'ms')
  const ds = await writer.finish()
  console.log(ds.totals, Object.keys(ds.files))
}
