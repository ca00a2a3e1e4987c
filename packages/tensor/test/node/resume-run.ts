/**
 * A run to be killed: convolutions with batch norm, spectral norm, dropout and a loop of blocks; AdamW on a schedule, clipping, a moving average, three batches an update, rows
 * shuffled each epoch. Says where it begins and every batch that it reads.
 *   resume-run.ts CHECKPOINT THREADS UPDATES
 */
import { batches, crossEntropy, f32, fit, i64, Key, nn, optim, relu, type Tensor, type Tree, trainStep } from '@dioramic/tensor'
import { checkpointFile, createArena, nodeRuntime } from '@dioramic/tensor/node'

const [path, threads, updates] = [process.argv[2]!, Number(process.argv[3]), Number(process.argv[4])]
const key = Key.fromSeed(3)
const rows = 45
const pixels = f32(
  Array.from({ length: rows * 64 }, (_, i) => Math.sin(i * i) + Math.sin(i / 9)),
  [rows, 1, 8, 8],
)
const data = batches(
  { x: pixels, y: i64(Array.from({ length: rows }, (_, i) => (i * 7) % 5)) },
  { size: 4, key: key.fork('data'), last: 'drop' },
)
const width = 24
const model = nn.sequence({
  conv: nn.spectralNorm(nn.conv2d(1, 8, 3, { padding: 1 })),
  norm: nn.batchNorm(8),
  act: nn.fn(relu),
  down: nn.conv2d(8, 16, 3, { stride: 2, padding: 1 }),
  flat: nn.flatten,
  wide: nn.linear(256, width),
  blocks: nn.repeat(4, nn.sequence({ norm: nn.layerNorm(width), inner: nn.linear(width, width), act: nn.fn(relu), drop: nn.dropout(0.2) })),
  out: nn.linear(width, 5),
})
const loss = (p: Tree<Tensor>, s: Tree<Tensor>, { x, y }: { x: Tensor; y: Tensor }, k: Tensor) => {
  const [logits, next] = model.apply(p, s, x, { key: k, train: true })
  return [crossEntropy(logits, y), next] as const
}
const training = await trainStep(
  loss,
  optim.chain(
    optim.clipByGlobalNorm(1),
    optim.adamw({ lr: optim.cosine(1e-2, updates, { warmup: 5 }), weightDecay: 0.05 }),
    optim.noDecay(),
    optim.ema(0.9, { warmup: true }),
  ),
  {
    runtime: nodeRuntime({ threads }),
    arena: bytes => createArena(bytes, threads),
    ...model.init(key.fork('init')),
    key: key.fork('train'),
    accumulate: 3,
  },
)
const file = checkpointFile(path, { threads })
await fit(training, {
  batches: {
    perEpoch: data.perEpoch,
    at: (epoch, index) => {
      process.stdout.write(`batch ${epoch} ${index}\n`)
      return data.at(epoch, index)
    },
  },
  updates,
  checkpoint: {
    every: 1,
    to: {
      save: run => file.save(run),
      load: async expected => {
        const saved = await file.load(expected)
        const { epoch = 0, index = 0, training: at } = saved?.record ?? {}
        process.stdout.write(`begin ${JSON.stringify({ epoch, index, accumulated: at?.accumulated ?? 0, batches: at?.batches ?? 0 })}\n`)
        return saved
      },
    },
  },
})
await training.dispose()
process.stdout.write('end\n')
