// Any flipped byte of any file is found, and the file is named.
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { analyticClip, analyticDataset } from '../../test/analytic.ts'
import { reseal } from '../layout/reseal.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { validateDataset } from './validate.ts'

let clean: MemoryStore
beforeAll(async () => {
  clean = await analyticDataset([analyticClip({ frames: 2, width: 24, height: 16, spp: 1 })])
})
const copy = () => {
  const out = new MemoryStore()
  for (const [p, b] of clean.blobs) out.blobs.set(p, b.slice())
  return out
}

test('any flipped bit of any file', async () => {
  const files = [...clean.blobs.keys()]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer({ min: 0, max: 7 }),
      async (file, where, bit) => {
        const store = copy()
        const bytes = store.blobs.get(file)!
        bytes[Math.floor(where * bytes.length)]! ^= 1 << bit
        const found = await validateDataset(store, { geometry: false }).then(
          r => r.findings.map(f => f.message),
          e => [String(e)],
        )
        expect(
          found.some(m => m.includes(file)),
          `${file}: ${found.join('; ')}`,
        ).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})

test('missing and extra files, another schema', async () => {
  const store = copy()
  store.blobs.delete('samples/000000/depth/00001.npz')
  store.blobs.set('samples/000000/depth/00002.npz', new Uint8Array(3))
  store.blobs.set('notes.txt', new Uint8Array(3))
  const { findings, ok } = await validateDataset(store)
  expect(ok).toBe(false)
  expect(findings.map(f => `${f.check} ${f.file}`).sort()).toEqual([
    'extra-file notes.txt',
    'extra-file samples/000000/depth/00002.npz',
    'missing-file samples/000000/depth/00001.npz',
  ])
  const swapped = copy()
  swapped.blobs.set('samples/000000/depth/00001.npz', swapped.blobs.get('samples/000000/flow-forward/00001.npz')!)
  await reseal(swapped)
  expect((await validateDataset(swapped)).findings.map(f => `${f.check} ${f.file}`)).toContain('schema samples/000000/depth/00001.npz')
  await expect(validateDataset(new MemoryStore({ name: 'nothing' }))).rejects.toThrow(/nothing has no dataset.json/)
})

test('run.jsonl is a log: nothing hashes it', async () => {
  const store = copy()
  store.blobs.set('run.jsonl', new Uint8Array([1, 2, 3]))
  expect((await validateDataset(store)).ok).toBe(true)
})
