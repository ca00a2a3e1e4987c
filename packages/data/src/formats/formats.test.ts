// One contract for every format: write, read, the same canonical values.
import { decodeTar } from '@dioramic/codec'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type AnalyticClip, analyticClip, analyticDataset, SPECS } from '../../test/analytic.ts'
import { merge } from '../layout/merge.ts'
import { openDataset } from '../layout/reader.ts'
import { parseJson } from '../schema/json.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { validateDataset } from '../validate/validate.ts'
import { decodeCoco, imageId } from './coco.ts'
import { compressRuns, decodeRle, expandRuns, runsById } from './rle.ts'
import { packShards } from './webdataset.ts'

let clips: AnalyticClip[]
beforeAll(() => {
  clips = [analyticClip({ frames: 2, width: 48, height: 36 }), analyticClip({ frames: 3, width: 48, height: 36, index: 1, moving: true })]
})

describe.each(['folder', 'webdataset'] as const)('%s', format => {
  test('gives back every value and record', async () => {
    const store = await analyticDataset(clips, new MemoryStore(), [format])
    const reader = await openDataset(store)
    expect([...store.blobs.keys()].some(p => p.startsWith('samples/'))).toBe(format === 'folder')
    for (const clip of clips) {
      const sample = await reader.sample(clip.body.index)
      const { files, version, ...body } = sample.sample
      expect(body).toEqual(clip.body)
      expect(Object.keys(files)).toHaveLength(SPECS.length * clip.body.frames)
      expect(version).toBe(1)
      for (const [frame, layers] of clip.frames.entries())
        for (const [name, layer] of layers) expect((await sample.layer(name, frame)).data, name).toEqual(layer.data)
    }
    expect((await validateDataset(store)).findings).toEqual([])
  })
})

test('webdataset: frames are samples of like fields, keys have no dots, clips are not split', async () => {
  const store = await analyticDataset(clips, new MemoryStore())
  const out = new MemoryStore()
  const files = await packShards((await openDataset(store)).samples(), out, { maxBytes: 1 })
  expect(Object.keys(files).sort()).toEqual(['shards/000000.tar', 'shards/000001.tar', 'shards/index.json'])
  const fields = new Map<string, string[]>()
  for (const { name } of decodeTar(out.blobs.get('shards/000001.tar')!)) {
    const dot = name.indexOf('.')
    fields.set(name.slice(0, dot), [...(fields.get(name.slice(0, dot)) ?? []), name.slice(dot + 1)])
  }
  expect([...fields.keys()]).toEqual(['000001_00000', '000001_00001', '000001_00002'])
  const every = SPECS.map(s => `${s.name}.${s.encoding}`).sort()
  expect(fields.get('000001_00000')).toEqual([...[...every, 'clip.json'].sort(), 'json'])
  expect(fields.get('000001_00001')).toEqual([...every, 'json'])
  const json = [...decodeTar(out.blobs.get('shards/000001.tar')!)].find(e => e.name === '000001_00002.json')!
  const record = parseJson(json.bytes, 'json') as {
    camera: { position: unknown }
    instances: { id: number; position: unknown; box2d: unknown; mass: unknown }[]
  }
  expect(record.camera.position).toEqual(clips[1]!.body.cameras[0]!.positions[2])
  const green = clips[1]!.body.instances[3]!
  expect(record.instances[3]).toMatchObject({
    id: 300,
    position: green.positions[2],
    box2d: green.boxes2d![2],
    mass: green.mass,
    scale: green.scale,
  })
})

test('packed shards merge to what one packed run gives', async () => {
  const one = await analyticDataset(clips, new MemoryStore(), ['webdataset', 'coco'])
  const folder = await openDataset(await analyticDataset(clips, new MemoryStore(), ['webdataset', 'coco']))
  const merged = new MemoryStore()
  await merge([folder.store], merged)
  expect(new Map([...merged.blobs].sort())).toEqual(new Map([...one.blobs].sort()))
})

test('coco: images, categories, masks, boxes and areas are those of the clips', async () => {
  const store = await analyticDataset(clips, new MemoryStore(), ['folder', 'coco'])
  const coco = decodeCoco(store.blobs.get('coco/instances.json')!)
  expect(coco.images).toHaveLength(5)
  expect(coco.categories).toEqual([{ id: 1, name: 'sphere', supercategory: 'object' }])
  for (const image of coco.images) expect(store.blobs.has(image.file_name)).toBe(true)
  let seen = 0
  for (const { body, frames } of clips) {
    for (const [frame, layers] of frames.entries()) {
      for (const object of body.instances.slice(1)) {
        const found = coco.annotations.filter(a => a.image_id === imageId(body.index, frame) && a.instance_id === object.id)
        const pixels = object.visiblePixels![frame]!
        expect(found).toHaveLength(pixels > 0 ? 1 : 0)
        if (!found[0]) continue
        seen++
        expect(found[0].area).toBe(pixels)
        const [x0, y0, x1, y1] = object.boxes2d![frame]!
        expect(found[0].bbox).toEqual([x0, y0, x1 - x0, y1 - y0])
        expect(decodeRle(found[0].segmentation)).toEqual(
          Uint8Array.from(layers.get('segmentation')!.data, id => (id === object.id ? 1 : 0)),
        )
      }
    }
  }
  expect(seen).toBe(coco.annotations.length)
  expect(new Set(coco.annotations.map(a => a.id)).size).toBe(seen)
})

test('run-length masks come back, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
      (width, height, ids) => {
        const map = Uint16Array.from({ length: width * height }, () => ids.next().value!)
        for (const [id, runs] of runsById(map, width, height)) {
          expect(expandRuns(compressRuns(runs))).toEqual(runs)
          expect(decodeRle({ size: [height, width], counts: compressRuns(runs) })).toEqual(Uint8Array.from(map, x => (x === id ? 1 : 0)))
        }
      },
    ),
  )
  const long = [5_000_000, 3, 1_000_000, 70_000, 2, 1]
  expect(expandRuns(compressRuns(long))).toEqual(long)
  expect(() => decodeRle({ size: [2, 2], counts: compressRuns([1, 2]) })).toThrow(/covers 3 of 4/)
})
