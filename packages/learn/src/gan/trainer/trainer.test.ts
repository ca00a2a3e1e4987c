import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { f32, flatten, Key, type NDArray, numbersOf, optim } from '@dioramic/tensor'
import { checkpointFile, createArena, nodeRuntime } from '@dioramic/tensor/node'
import { expect, test } from 'vitest'
import { mlp } from '../architectures/mlp.ts'
import type { Loss } from '../contracts.ts'
import { pointsOf, ring } from '../data/ring.ts'
import { DivergedError, GanError } from '../error.ts'
import { nonSaturating } from '../losses/non-saturating.ts'
import { wassersteinGp } from '../losses/wasserstein.ts'
import { fitGan } from './fit.ts'
import { type GanOptions, trainGan } from './gan.ts'
import { samplerOf } from './sampler.ts'

const engine = { runtime: nodeRuntime({ threads: 1 }), arena: createArena }
const key = Key.fromSeed(11)
const adam = (lr: number) => optim.adam({ lr, betas: [0.5, 0.9] })
const data = { perEpoch: 1e6, at: (_epoch: number, index: number) => ({ x: pointsOf(ring(), 32, key.fork('data').fork(index)) }) }

const make = (options: Partial<GanOptions> & { loss?: Loss; lr?: number } = {}) => {
  const { lr = 1e-3, ...rest } = options
  return trainGan({
    architecture: mlp({ shape: [2], width: 16 }),
    loss: nonSaturating(),
    rules: { generator: optim.chain(adam(lr), optim.ema(0.9)), discriminator: optim.chain(adam(lr)) },
    updates: 100,
    key,
    ...engine,
    ...rest,
  })
}
const bits = (tree: unknown) => flatten<NDArray>(tree as NDArray).list.flatMap(a => [...numbersOf(a)])

test('a run that was killed in the midst of the discriminator’s steps goes on with the same bits', async () => {
  const options = { loss: wassersteinGp(), discriminatorSteps: 3 }
  const whole = await make(options)
  await fitGan(whole, { batches: data, updates: 12 })
  const to = checkpointFile(join(mkdtempSync(join(tmpdir(), 'gan-')), 'run.safetensors'))
  const first = await make(options)
  const kill = new AbortController()
  let steps = 0
  const counted = {
    ...data,
    at: (epoch: number, index: number) => {
      if (++steps === 20) kill.abort()
      return data.at(epoch, index)
    },
  }
  await fitGan(first, { batches: counted, updates: 12, checkpoint: { every: 7, to }, signal: kill.signal })
  expect(first.record().accumulated).toBe(2)
  const second = await make(options)
  const result = await fitGan(second, { batches: data, updates: 12, checkpoint: { every: 1000, to } })
  expect(result.resumed).toBe(true)
  expect(bits(second.arrays())).toEqual(bits(whole.arrays()))
  expect(second.record()).toEqual(whole.record())
  await Promise.all([whole, first, second].map(g => g.dispose()))
})

test('sampling is a function of the key; the average and the live generator differ', async () => {
  const gan = await make()
  await fitGan(gan, { batches: data, updates: 30 })
  const [average, live] = [
    samplerOf(gan.architecture, gan.weights(), engine.runtime, 64),
    samplerOf(gan.architecture, gan.weights({ live: true }), engine.runtime, 64),
  ]
  const a = await average.sample(100, key)
  expect(a.x.shape).toEqual([100, 2])
  expect(bits((await average.sample(100, key)).x)).toEqual(bits(a.x))
  expect(bits((await average.sample(100, key.fork('other'))).x)).not.toEqual(bits(a.x))
  expect(bits((await live.sample(100, key)).x)).not.toEqual(bits(a.x))
  const cut = await average.sample(100, key, { threshold: 0.5 })
  expect(Math.max(...bits(cut.z).map(Math.abs))).toBeLessThanOrEqual(0.5)
  await Promise.all([gan.dispose(), average.dispose(), live.dispose()])
})

test('what does not fit is named', async () => {
  const gan = await make()
  await expect(gan.step({ x: f32(new Float32Array(12), [4, 3]) })).rejects.toThrow(/f32\[3\], "mlp" makes f32\[2\]/)
  await expect(make({ architecture: mlp({ shape: [2], outputs: 4 }) })).rejects.toThrow(
    /wants 1 scores a sample.*gives 4: build it with \{ outputs: 1 \}/,
  )
  const conditional = await make({ architecture: mlp({ shape: [2], classes: 3 }) })
  const x = f32(new Float32Array(4), [2, 2])
  await expect(conditional.step({ x })).rejects.toThrow(/has 3 classes and needs labels/)
  const y = { dtype: 'i64', shape: [2], data: new BigInt64Array([1n, 3n]) } as const
  await expect(conditional.step({ x, y })).rejects.toThrow(/label 1 of a batch is 3; "conditional mlp" knows classes 0 to 2/)
  await expect(
    samplerOf(conditional.architecture, conditional.weights(), engine.runtime).sample(2, key, { labels: [0, 7] }),
  ).rejects.toThrow(GanError)
  await Promise.all([gan.dispose(), conditional.dispose()])
})

test('a diverged GAN is named, and the last good state is kept', async () => {
  // A rate far too high on a loss without bound: the scores run away.
  const wild: Loss = { ...wassersteinGp({ weight: 0 }), name: 'no penalty' }
  const to = checkpointFile(join(mkdtempSync(join(tmpdir(), 'gan-')), 'run.safetensors'))
  const gan = await make({ loss: wild, lr: 0.05, watch: { patience: 5, scores: 30, spread: 0 } })
  const error = await fitGan(gan, { batches: data, updates: 1000, checkpoint: { every: 4, to } }).catch((e: unknown) => e)
  expect(error).toBeInstanceOf(DivergedError)
  const { kind, message, updates } = error as DivergedError
  expect(kind).toBe('exploded')
  expect(message).toMatch(/the GAN exploded: from update \d+ on .* The last good state, of update \d+, is kept/)
  const kept = (await to.load(gan.arrays()))!
  expect(kept.record.training.updates).toBeLessThanOrEqual(updates - 5)
  expect(kept.record.training.updates).toBeGreaterThan(updates - 10)
  expect(bits(kept.arrays).every(Number.isFinite)).toBe(true)
  await gan.dispose()
})

test('a collapsed and a NaN GAN are named, too', async () => {
  const still = await make({ watch: { patience: 3, spread: 10 } })
  await expect(fitGan(still, { batches: data, updates: 10 })).rejects.toThrow(/the GAN collapsed: from update 1 on .* No state was kept/)
  const bad = { ...data, at: () => ({ x: f32(new Float32Array(64).fill(Number.NaN), [32, 2]) }) }
  const gan = await make()
  const before = bits(gan.arrays())
  await expect(fitGan(gan, { batches: bad, updates: 10 })).rejects.toThrow(
    /the discriminator's loss or gradient is not finite. The input .*holds NaN before anything is computed: check the data/,
  )
  expect(bits(gan.arrays())).toEqual(before)
  await Promise.all([still.dispose(), gan.dispose()])
})
