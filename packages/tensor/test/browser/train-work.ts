/** Small models that use most of the engine, for Node and for a page. */
import {
  crossEntropy,
  f32,
  i64,
  Key,
  maxPool,
  mean,
  mul,
  type NDArray,
  nn,
  optim,
  type Runtime,
  relu,
  sub,
  type Tensor,
  type Training,
  type Tree,
  tanh,
  trainStep,
} from '@dioramic/tensor'
import type { Arena } from '../../src/kernel/arena.ts'

type Batch = { readonly x: Tensor; readonly y: Tensor }

export interface Model {
  readonly layer: nn.Layer
  readonly batch: { readonly x: NDArray; readonly y: NDArray }
  readonly loss: (y: Tensor, target: Tensor) => Tensor
}

const integers = (n: number, below: number, shape: number[]) =>
  i64(
    Array.from({ length: n }, (_, i) => (i * i + 3 * i) % below),
    shape,
  )
const waves = (n: number, shape: number[]) =>
  f32(
    Array.from({ length: n }, (_, i) => Math.sin(1 + i * 0.7) + (i % 5) / 5),
    shape,
  )

const d = 32
const embedding = nn.embedding(27, d)
export const MODELS: Readonly<Record<string, Model>> = {
  transformer: {
    layer: nn.sequence({
      embedding,
      positions: nn.learnedPositions(16, d),
      blocks: nn.repeat(
        3,
        nn.block({ d, attention: nn.attention(d, { heads: 4, causal: true, dropout: 0.1 }), ffn: nn.ffn(d), dropout: 0.1 }),
      ),
      norm: nn.layerNorm(d),
      out: embedding.readout(),
    }),
    batch: { x: integers(64, 27, [4, 16]), y: integers(64, 26, [4, 16]) },
    loss: crossEntropy,
  },
  convolutions: {
    layer: nn.sequence({
      conv: nn.conv2d(2, 8, 3, { padding: 1 }),
      norm: nn.batchNorm(8),
      act: nn.fn(x => maxPool(relu(x), 2)),
      up: nn.convTranspose(8, 4, 4, { stride: 2, padding: 1 }),
      bend: nn.fn(tanh),
      flat: nn.flatten,
      out: nn.linear(4 * 64, 10),
    }),
    batch: { x: waves(8 * 2 * 64, [8, 2, 8, 8]), y: integers(8, 10, [8]) },
    loss: crossEntropy,
  },
  recurrent: {
    layer: nn.sequence({ lstm: nn.lstm(6, 12), out: nn.linear(12, 3) }),
    batch: { x: waves(4 * 9 * 6, [4, 9, 6]), y: waves(4 * 9 * 3, [4, 9, 3]) },
    loss: (y, target) => mean(mul(sub(y, target), sub(y, target))),
  },
}

/** A run of a model, from the same first values everywhere. */
export function trainingOf(
  { layer, loss }: Model,
  { runtime, arena }: { readonly runtime: Runtime; readonly arena: (bytes: number) => Promise<Arena> },
): Promise<Training> {
  const key = Key.fromSeed(5)
  return trainStep<Batch>(
    (p: Tree<Tensor>, s: Tree<Tensor>, { x, y }: Batch, k: Tensor) => {
      const [out, next] = layer.apply(p, s, x, { key: k, train: true })
      return [loss(out, y), next] as const
    },
    optim.chain(optim.clipByGlobalNorm(1), optim.adamw({ lr: 3e-3 }), optim.ema(0.9)),
    { runtime, arena, ...layer.init(key.fork('init')), key: key.fork('train') },
  )
}
