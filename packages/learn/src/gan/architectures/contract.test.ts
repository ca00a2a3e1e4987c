/** What every architecture must do: learn a small task, be a function of its key, and refuse what it cannot make. */
import { Key, numbersOf } from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { describe, expect, test } from 'vitest'
import { GanError } from '../error.ts'
import { prepared, type Recipe, type RecipeName, recipes } from '../recipes.ts'
import { fitGan } from '../trainer/fit.ts'
import { trainGan } from '../trainer/gan.ts'
import { samplerOf } from '../trainer/sampler.ts'
import { quartersOf, shape, spots } from './spots.test-kit.ts'

const engine = { runtime: nodeRuntime({ threads: 1 }), arena: createArena }
const key = Key.fromSeed(1)
const data = { perEpoch: 1e9, at: (_epoch: number, index: number) => spots(32, key.fork('data').fork(index)) }

/** Updates after which the task is learned; fully connected nets need more, but each costs a millisecond. */
const UPDATES: Readonly<Record<RecipeName, number>> = {
  mlp: 900,
  'semi-supervised': 900,
  bidirectional: 1500,
  info: 2000,
  'auxiliary-classifier': 1500,
  laplacian: 500,
  dcgan: 2000,
  'boundary-equilibrium': 4000,
  resnet: 400,
  progressive: 600,
  'self-attention': 600,
  big: 400,
  'multi-scale': 500,
  style: 600,
}

describe.each(Object.entries(recipes) as [RecipeName, Recipe][])('%s', (name, { classes }) => {
  const build = () => prepared(name, { shape, ...(classes === 'needed' ? { classes: 4 } : {}) })

  test('learns pictures of one spot, wherever it is', async () => {
    const updates = UPDATES[name]
    const gan = await trainGan({ ...build(), updates, key, ...engine })
    const sampler = samplerOf(gan.architecture, gan.weights(), engine.runtime)
    const before = quartersOf((await sampler.sample(200, key)).x).filter(q => q >= 0).length
    await fitGan(gan, { batches: data, updates, logEvery: updates })
    const { x, labels } = await sampler.sample(200, key)
    const quarters = quartersOf(x)
    expect(before, 'of 200 samples are good before training').toBeLessThan(10)
    expect(quarters.filter(q => q >= 0).length, 'good samples of 200').toBeGreaterThan(100)
    // A quarter of them would be 50; runs differ in their bits between processors, so the bound is wide.
    for (let q = 0; q < 4; q++) expect(quarters.filter(k => k === q).length, `good samples of quarter ${q}`).toBeGreaterThan(6)
    if (labels) {
      const good = quarters.flatMap((q, i) => (q >= 0 ? [q === labels[i]] : []))
      expect(good.filter(Boolean).length / good.length, 'of the class that was asked for').toBeGreaterThan(0.85)
    }
    expect([...numbersOf((await sampler.sample(3, key.fork('again'))).x)]).toEqual([
      ...numbersOf((await sampler.sample(3, key.fork('again'))).x),
    ])
    await Promise.all([gan.dispose(), sampler.dispose()])
  })
})

test('an architecture that needs classes or a size says so', async () => {
  expect(() => prepared('auxiliary-classifier', { shape })).toThrow(/say how many classes/)
  expect(() => prepared('dcgan', { shape: [1, 9, 9] })).toThrow(/"dcgan" doubles a picture's size .*: 9 does not come out, take 8, 12/)
  expect(() => prepared('style', { shape: [1, 8, 16] })).toThrow(/square pictures \[channels, size, size\], not \[1, 8, 16\]/)
  expect(() => prepared('laplacian', { shape: [64] })).toThrow(GanError)
})
