import { expect, test } from 'vitest'
import { analyticClip, analyticDataset, analyticRecipe, clipFiles, SPECS } from '../../test/analytic.ts'
import { makeRecipe } from '../schema/recipe-make.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { merge } from './merge.ts'
import { openDataset } from './reader.ts'
import { DatasetWriter } from './writer.ts'

const clip = analyticClip({ frames: 2, width: 24, height: 16, spp: 1 })

test('what was written is read back: layers, records, specs', async () => {
  const reader = await openDataset(await analyticDataset([clip]))
  expect(reader.dataset.totals).toMatchObject({ samples: 1, frames: 2 })
  expect(reader.dataset.missing).toEqual([])
  const sample = await reader.sample(0)
  expect(sample.layers.map(l => l.name).sort()).toEqual(SPECS.map(s => s.name).sort())
  for (const [frame, layers] of clip.frames.entries())
    for (const [name, layer] of layers) expect(await sample.layer(name, frame), name).toEqual(layer)
  expect(sample.sample.instances.map(i => i.id)).toEqual([1, 2, 7, 300])
  expect(sample.sample.instances[1]!.positions).toHaveLength(2)
  expect(sample.sample.instances[0]!.mass).toBeNull()
  await expect(sample.layer('dept', 0)).rejects.toThrow(/no layer "dept".*depth/)
  await expect(sample.layer('depth', 2)).rejects.toThrow(/frame 2/)
})

test('an existing folder is never touched', async () => {
  const store = new MemoryStore({ name: 'out' })
  await store.put('holiday.jpg', new Uint8Array(3))
  await expect(DatasetWriter.begin(store, analyticRecipe(1))).rejects.toThrow(/out already has files; choose another folder/)
  await expect(DatasetWriter.resume(store, analyticRecipe(1))).rejects.toThrow(/not a data set to resume/)
  expect([...store.blobs.keys()]).toEqual(['holiday.jpg'])
})

test('another plan or epoch is refused by name', async () => {
  const store = await analyticDataset([clip])
  const { version: _v, planHash: _p, configHash: _c, ...input } = analyticRecipe(1)
  await expect(DatasetWriter.resume(store, makeRecipe({ ...input, bytesEpoch: 2 }))).rejects.toThrow(/bytes epoch 1, this run has 2/)
  await expect(DatasetWriter.resume(store, makeRecipe({ ...input, seed: 4 }))).rejects.toThrow(/made with seed 3, this run has 4/)
  await expect(DatasetWriter.resume(store, makeRecipe({ ...input, settings: { size: [96, 71] } }))).rejects.toThrow(
    /settings.size.1 72, this run has 71/,
  )
  const other = new MemoryStore({ name: 'other' })
  await (await DatasetWriter.begin(other, makeRecipe({ ...input, seed: 4 }))).finish()
  await expect(merge([store, other], new MemoryStore())).rejects.toThrow(/other was made with seed 4/)
})

test('merge refuses two versions of one index, and damaged files', async () => {
  const a = await analyticDataset([clip], new MemoryStore({ name: 'a' }))
  const b = await analyticDataset([{ ...clip, body: { ...clip.body, metadata: { other: true } } }], new MemoryStore({ name: 'b' }))
  await expect(merge([a, b], new MemoryStore())).rejects.toThrow(/sample 0 differs between a and b/)
  a.blobs.get('samples/000000/depth/00001.npz')![40]! ^= 1
  await expect(merge([a], new MemoryStore())).rejects.toThrow(/a\/samples\/000000\/depth\/00001.npz does not have the hash/)
})

test('indices outside the plan and second commits are refused', async () => {
  const writer = await DatasetWriter.begin(new MemoryStore(), analyticRecipe(1))
  await expect(writer.addFrameFiles(1, [])).rejects.toThrow(/sample 1 is not in this plan/)
  for (const files of clipFiles(clip)) await writer.addFrameFiles(0, files)
  await writer.commitSample(0, clip.body)
  await expect(writer.commitSample(0, clip.body)).rejects.toThrow(/already/)
})

test('the order of frames, clips and keys does not reach the bytes', async () => {
  const clips = [clip, analyticClip({ frames: 2, width: 24, height: 16, spp: 1, index: 1 })]
  const forward = await analyticDataset(clips)
  const store = new MemoryStore()
  const writer = await DatasetWriter.begin(store, analyticRecipe(2))
  const [a, b] = clips.map(c => clipFiles(c).reverse())
  for (let f = 0; f < 2; f++) await Promise.all([writer.addFrameFiles(1, b![f]!.reverse()), writer.addFrameFiles(0, a![f]!)])
  await Promise.all([
    writer.commitSample(1, Object.fromEntries(Object.entries(clips[1]!.body).reverse()) as never),
    writer.commitSample(0, clip.body),
  ])
  await writer.finish()
  expect(new Map([...store.blobs].sort())).toEqual(new Map([...forward.blobs].sort()))
})
