/** A sensor changes what is seen in rgb and nothing else; the set stays valid and repeats to the byte. */
import { DatasetWriter, decodeLayer, MemoryStore, openDataset, validateDataset } from '@dioramic/data'
import { LAYER_SPECS, labelName, selectLabels } from '@dioramic/label'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { NO_ASSETS } from '@dioramic/scene'
import { WORLDS } from '@dioramic/worlds'
import { expect, test } from 'vitest'
import { Collector } from './collect.ts'
import { runInline } from './inline.ts'
import { planRecipe } from './recipe.ts'
import { type Settings, settingsSchema } from './settings.ts'
import { worldSource } from './source.ts'

const labels = selectLabels('kubric')
const PHONE = {
  exposure: 0.3,
  vignetting: 1,
  chromaticAberration: [0.002, -0.002],
  noise: { electrons: 400, read: 4, fullWell: 4000 },
  jpeg: 80,
}

async function made(sensor?: object | null) {
  const settings: Settings = settingsSchema.parse({
    size: [96, 96],
    frames: 3,
    spp: 4,
    labels: labels.map(labelName),
    ...(sensor === undefined ? {} : { sensor }),
  })
  const source = worldSource(WORLDS.get('movi-a')!.world, 'movi-a', {})
  const store = new MemoryStore()
  const writer = await DatasetWriter.begin(
    store,
    planRecipe({ source, seed: 4, count: 1, settings, labels, formats: ['folder'], hashes: {} }),
  )
  const collector = new Collector(writer)
  const renderer = await createRenderer(await loadKernel())
  await runInline([0], collector, { renderer, source, seed: 4, settings, assets: NO_ASSETS, labels })
  await collector.idle()
  await writer.finish()
  renderer.dispose()
  const clip = await (await openDataset(store)).sample(0)
  return { store, files: clip.sample.files, cameras: clip.sample.cameras, rgb: (await clip.layer('rgb', 1)).data as Uint8Array }
}

test('labels and linear light keep their bytes, rgb has the noise, and the set validates', async () => {
  const clean = await made()
  const seen = await made(PHONE)
  const hashes = (files: typeof clean.files) => Object.entries(files).map(([path, f]) => `${path} ${JSON.stringify(f)}`)
  const changed = Object.keys(clean.files).filter(path => JSON.stringify(clean.files[path]) !== JSON.stringify(seen.files[path]))
  expect(Object.keys(seen.files)).toEqual(Object.keys(clean.files))
  expect(changed).toEqual(['rgb/00000.png', 'rgb/00001.png', 'rgb/00002.png'])
  expect((seen.cameras[0] as { sensor?: unknown }).sensor).toEqual(PHONE)
  expect(clean.cameras[0]).not.toHaveProperty('sensor')
  // Corners are darker than they were beside the middle.
  const mean = (rgb: Uint8Array, at: (x: number, y: number) => boolean) => {
    const pixels = [...Array(96 * 96).keys()].filter(i => at(i % 96, Math.floor(i / 96)))
    return pixels.reduce((s, i) => s + rgb[3 * i + 1]!, 0) / pixels.length
  }
  const corner = (x: number, y: number) => (x < 12 || x > 83) && (y < 12 || y > 83)
  const middle = (x: number, y: number) => Math.abs(x - 48) < 12 && Math.abs(y - 48) < 12
  expect(mean(seen.rgb, corner) / mean(seen.rgb, middle)).toBeLessThan(0.97 * (mean(clean.rgb, corner) / mean(clean.rgb, middle)))
  const again = await made(PHONE)
  expect(hashes(again.files)).toEqual(hashes(seen.files))
  for (const { store } of [clean, seen]) expect((await validateDataset(store)).findings).toEqual([])
  expect(decodeLayer(LAYER_SPECS.rgb, await seen.store.get('samples/000000/rgb/00001.png')).data).toEqual(seen.rgb)
})
