// Whatever the store does at its n-th operation, for every n, the resumed set comes out byte-equal (as SQLite tests I/O errors).
import { expect, test } from 'vitest'
import { analyticClip, analyticRecipe, clipFiles, SPECS } from '../../test/analytic.ts'
import type { BlobStore } from '../store/blob-store.ts'
import { type Faults, FaultyStore, StoreFault } from '../store/faulty-store.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { merge } from './merge.ts'
import { DatasetWriter } from './writer.ts'

const small = { width: 12, height: 8, spp: 1 }
const specs = SPECS.filter(s => ['rgb', 'segmentation', 'depth'].includes(s.name))
const clips = [analyticClip({ ...small, frames: 2 }), analyticClip({ ...small, frames: 1, index: 1, moving: true })].map(clip => ({
  clip,
  files: clipFiles(clip, specs).reverse(),
}))
const HOLE = { index: 2, code: 'placement', reason: 'object "ball" found no free place in 100 trials; make the region larger' }

/** One attempt at the whole run, as a generator would make it. */
async function run(store: BlobStore, formats: ('folder' | 'webdataset' | 'coco')[], indices = [0, 1, 2]): Promise<void> {
  const writer = await DatasetWriter.resume(store, analyticRecipe(3, formats, specs))
  for (const index of indices) {
    if (writer.has(index)) continue
    if (index === HOLE.index) {
      await writer.quarantine(HOLE)
      continue
    }
    const { clip, files } = clips[index]!
    for (const f of files) await writer.addFrameFiles(index, f)
    await writer.commitSample(index, clip.body)
  }
  await writer.finish()
}

const KINDS = ['failAt', 'loseAt', 'tearAt', 'dieAt'] as const

async function everyFault(make: () => MemoryStore, attempt: (store: BlobStore) => Promise<void>): Promise<number> {
  const clean = make()
  const counter = new FaultyStore(clean, {})
  await attempt(counter)
  for (const kind of KINDS) {
    for (let n = 1; n <= counter.operations; n++) {
      const store = make()
      await expect(attempt(new FaultyStore(store, { [kind]: n } as Faults)), `${kind} ${n}`).rejects.toThrow(StoreFault)
      await attempt(store)
      expect([...store.blobs.keys()].sort(), `${kind} ${n}`).toEqual([...clean.blobs.keys()].sort())
      for (const [path, bytes] of clean.blobs) if (!equal(store.blobs.get(path)!, bytes)) expect.fail(`${kind} ${n}: ${path} differs`)
    }
  }
  return counter.operations
}

const equal = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((x, i) => x === b[i])

for (const folders of [true, false]) {
  const kind = folders ? 'a store that renames folders' : 'an object store'
  for (const format of ['folder', 'webdataset'] as const) {
    test(`a run on ${kind} as ${format} survives every fault`, async () => {
      expect(
        await everyFault(
          () => new MemoryStore({ folders }),
          s => run(s, [format, 'coco']),
        ),
      ).toBeGreaterThan(20)
    })
  }
}

test('a merge survives every fault and equals one run', async () => {
  const one = new MemoryStore()
  await run(one, ['folder', 'coco'])
  const shards = [new MemoryStore({ name: 'a' }), new MemoryStore({ name: 'b' })]
  await run(shards[0]!, ['folder', 'coco'], [1])
  await run(shards[1]!, ['folder', 'coco'], [2, 0])
  let merged = new MemoryStore()
  await everyFault(
    () => (merged = new MemoryStore()),
    async s => {
      await merge(shards, s)
    },
  )
  expect(new Map([...merged.blobs].sort())).toEqual(new Map([...one.blobs].sort()))
})
