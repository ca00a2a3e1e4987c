// Every MOVi world makes three valid samples; a set that is varied is valid too and says how far.
import { MemoryStore, openDataset, validateDataset } from '@dioramic/data'
import { labelName, selectLabels } from '@dioramic/label'
import { variationOf } from '@dioramic/worlds'
import { expect, test } from 'vitest'
import { generate, sourceRef } from '../../src/node/index.ts'
import { settingsSchema } from '../../src/settings.ts'

/** Few things, so that settling is short. */
const FEW = { minStatic: 2, maxStatic: 3 }
const CASES: Readonly<Record<string, Record<string, unknown>>> = {
  'movi-a': {},
  'movi-b': { maxCount: 4 },
  'movi-c': { maxCount: 4 },
  'movi-d': FEW,
  'movi-e': { ...FEW, camera: 'panning' },
  'movi-f': FEW,
}

async function make(name: string, variation?: ReturnType<typeof variationOf>) {
  const store = new MemoryStore()
  const { dataset } = await generate({
    source: sourceRef(name, CASES[name]!),
    store,
    seed: 3,
    count: 3,
    settings: settingsSchema.parse({
      // The checks of pictures are statistics, set from 64² on; 16 denoised samples are the least quality there is.
      size: [64, 64],
      frames: 2,
      spp: 16,
      maxBounces: 2,
      labels: selectLabels(name === 'movi-e' ? 'kubric,tracks' : 'kubric').map(labelName),
      ...(variation ? { variation } : {}),
    }),
    workers: 0,
  })
  expect(dataset?.quarantined).toEqual([])
  return store
}

test.each(Object.keys(CASES))(
  'three samples of %s are valid',
  async name => {
    expect((await validateDataset(await make(name))).findings).toEqual([])
  },
  300_000,
)

test('a varied set is valid, and its samples say what was varied and how far', async () => {
  const store = await make('movi-a', variationOf(['lights', 'camera'], { textures: 0.5, distractors: 0.2 }))
  expect((await validateDataset(store)).findings).toEqual([])
  const { sample } = await (await openDataset(store)).sample(1)
  const told = sample.metadata['variation'] as Record<string, { range: number[]; severity: number }>
  expect(Object.keys(told).sort()).toEqual(['camera', 'distractors', 'lights', 'textures'])
  expect(told['lights']!.range).toEqual([0, 1])
  expect([told['textures']!.range, told['textures']!.severity]).toEqual([[0.5, 0.5], 0.5])
}, 300_000)
