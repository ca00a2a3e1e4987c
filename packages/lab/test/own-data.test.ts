// The halves meet: a set that `generate` makes is read by the tensor engine's loaders, and a small network learns from it.
import { MemoryStore, openDataset } from '@dioramic/data'
import { settingsSchema } from '@dioramic/generate'
import { generate } from '@dioramic/generate/node'
import {
  fit,
  frameSamples,
  Key,
  mae,
  mul,
  nn,
  numbersOf,
  optim,
  relu,
  sampleBatches,
  type Tensor,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { expect, test } from 'vitest'

test('frames as batches, and depth learnt from colour', async () => {
  const store = new MemoryStore()
  const settings = settingsSchema.parse({ size: [32, 24], frames: 3, spp: 2, maxBounces: 2, labels: ['segmentation', 'depth'] })
  await generate({
    source: { kind: 'builtin', name: 'movi-a', config: { minCount: 3, maxCount: 3 } },
    store,
    seed: 7,
    count: 3,
    settings,
    workers: 0,
  })
  const set = await openDataset(store)
  const samples = frameSamples(set, { values: ['rgb', 'depth'], ids: ['segmentation'] })
  expect(samples.length).toBe(9)
  const data = sampleBatches(samples, { size: 4 })
  const last = await data.at(0, 2)
  expect(Object.fromEntries(Object.entries(last).map(([name, a]) => [name, [a.dtype, ...a.shape]]))).toEqual({
    rgb: ['f32', 4, 3, 24, 32],
    depth: ['f32', 4, 1, 24, 32],
    segmentation: ['i64', 4, 24, 32],
    clip: ['i64', 4],
    frame: ['i64', 4],
    mask: ['bool', 4],
  })
  expect([...numbersOf(last['mask']!)]).toEqual([1, 0, 0, 0])

  // Value by value what the set's own reader gives.
  const { clip, frame } = await samples.get(5)
  expect([clip!.data[0], frame!.data[0]]).toEqual([1n, 2n])
  const reader = await set.sample(1)
  const one = await samples.get(5)
  expect(one['depth']!.data).toEqual(await reader.values('depth', 2))
  const rgb = await reader.layer('rgb', 2)
  for (const [x, y, c] of [
    [0, 0, 0],
    [31, 23, 2],
    [12, 7, 1],
  ] as const)
    expect(one['rgb']!.data[(c * 24 + y) * 32 + x]).toBe(Math.fround(rgb.data[(y * 32 + x) * 3 + c]! / 255))
  expect([...numbersOf(one['segmentation']!)]).toEqual([...(await reader.layer('segmentation', 2)).data])
  expect(new Set(numbersOf(one['segmentation']!)).size).toBeGreaterThan(1)
  expect((await frameSamples(set, { ids: ['segmentation'], clips: [2] }).get(0))['clip']!.data).toEqual(BigInt64Array.of(2n))
  await expect((async () => frameSamples(set, { values: ['smell'] }).get(0))()).rejects.toThrow(
    /clip 0 has no layer "smell"; it has: .*depth/,
  )
  await expect((async () => frameSamples(set, { ids: ['depth'] }).get(0))()).rejects.toThrow(/"depth" holds .*read it as values/)

  const model = nn.sequence({
    one: nn.conv2d(3, 8, 3, { padding: 1 }),
    bend: nn.fn(relu),
    two: nn.conv2d(8, 8, 3, { padding: 1 }),
    bend2: nn.fn(relu),
    out: nn.conv2d(8, 1, 1),
  })
  const key = Key.fromSeed(1)
  const loss = (p: Tree<Tensor>, s: Tree<Tensor>, { rgb, depth }: { rgb: Tensor; depth: Tensor }) => {
    const [y, next] = model.apply(p, s, rgb)
    // In tens of metres.
    return [mae(y, mul(depth, 0.1)), next] as const
  }
  const training = await trainStep(loss, optim.chain(optim.adamw({ lr: 1e-2 })), {
    runtime: nodeRuntime(),
    arena: createArena,
    ...model.init(key),
    key,
  })
  const { history } = await fit(training, { batches: sampleBatches(samples, { size: 3, key }), epochs: 30, logEvery: 10 })
  expect(history.at(-1)!.values['loss']!).toBeLessThan(0.7 * history[0]!.values['loss']!)
  await training.dispose()
})
