/** A convolutional net on the 8 × 8 digits of UCI: what the loaders, layers and loop come to together. */
import { existsSync, readFileSync } from 'node:fs'
import {
  argMax,
  batches,
  cast,
  crossEntropy,
  div,
  equal,
  evaluation,
  fit,
  gunzip,
  i64,
  imagesOf,
  jitter,
  Key,
  mapBatches,
  maxPool,
  mul,
  nn,
  optim,
  readCsv,
  relu,
  spec,
  sum,
  type Tensor,
  type Tree,
  takeRows,
  trainStep,
} from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { expect, it } from 'vitest'

const FILE = new URL('../../../../../shared/data/digits_8x8.csv.gz', import.meta.url)

it('reads at least 98 % of digits that it has not seen', async context => {
  if (!existsSync(FILE)) return context.skip('the digits (digits_8x8.csv.gz) are not beside the repository')
  const { rows } = readCsv(new TextDecoder().decode(await gunzip(readFileSync(FILE))), { header: false })
  const pixels = imagesOf(
    { dtype: 'f32', shape: [rows.length, 8, 8], data: Float32Array.from(rows.flatMap(r => r.slice(0, 64).map(Number))) },
    { divide: 16, mean: 0.3 },
  )
  const labels = i64(rows.map(r => Number(r[64])))
  const key = Key.fromSeed(11)
  // Every fifth is kept for the end.
  const part = (test: boolean) => {
    const at = rows.flatMap((_, i) => ((i % 5 === 0) === test ? [i] : []))
    return { x: takeRows(pixels, at), y: takeRows(labels, at) }
  }
  const conv = (from: number, to: number) => nn.conv2d(from, to, 3, { padding: 1, init: nn.kaiming(), bias: false })
  const model = nn.sequence({
    conv1: conv(1, 16),
    norm1: nn.batchNorm(16),
    act1: nn.fn(relu),
    conv2: conv(16, 32),
    norm2: nn.batchNorm(32),
    act2: nn.fn(x => maxPool(relu(x), 2)),
    conv3: conv(32, 32),
    act3: nn.fn(x => maxPool(relu(x), 2)),
    flat: nn.flatten,
    drop: nn.dropout(0.3),
    out: nn.linear(128, 10),
  })
  type Batch = { x: Tensor; y: Tensor }
  const loss = (p: Tree<Tensor>, s: Tree<Tensor>, { x, y }: Batch, k: Tensor) => {
    const [logits, next] = model.apply(p, s, x, { key: k, train: true })
    return [crossEntropy(logits, y), next] as const
  }
  const runtime = nodeRuntime()
  const values = model.init(key.fork('init'), spec('f32', [64, 1, 8, 8]))
  const train = mapBatches(batches(part(false), { size: 64, key: key.fork('data') }), key.fork('jitter'), (b, k) => ({
    ...b,
    x: jitter(b.x, k, { shift: 1 }),
  }))
  const updates = 30 * train.perEpoch
  const rule = optim.chain(
    optim.adamw({ lr: optim.oneCycle(1e-2, updates), weightDecay: 0.01 }),
    optim.noDecay(),
    optim.clipByGlobalNorm(5),
  )
  const training = await trainStep(loss, rule, { runtime, arena: createArena, ...values, key: key.fork('train') })
  const measure = (p: Tree<Tensor>, s: Tree<Tensor>, { x, y, mask }: Batch & { mask: Tensor }) => {
    const weight = cast(mask, 'f32')
    const right = cast(equal(argMax(model.apply(p, s, x)[0]), y), 'f32')
    return { accuracy: div(sum(mul(right, weight)), sum(weight)), weight: sum(weight) }
  }
  const evaluate = evaluation(measure, batches(part(true), { size: 64, last: 'pad' }), runtime)
  const accuracy = async () => (await evaluate(training))['accuracy']
  expect(await accuracy()).toBeLessThan(0.4)
  await fit(training, { batches: train, updates })
  expect(await accuracy()).toBeGreaterThanOrEqual(0.98)
  await training.dispose()
})
