/** Models of the kinds that are exported, with arguments at any batch (and length). */
import { type NDArray, zerosOf } from '../src/graph/array.ts'
import type { Tensor } from '../src/graph/tensor.ts'
import type { Tree } from '../src/graph/tree.ts'
import * as nn from '../src/nn/index.ts'
import type { SymbolicType } from '../src/onnx/export/index.ts'
import { add, concat, gather, maxPool, mean, relu, reshape, softmax } from '../src/ops/index.ts'
import { Key } from '../src/random/key.ts'
import { fillNormal } from '../src/random/philox.ts'

interface Exported {
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: trees of tensors.
  readonly f: (...args: any[]) => Tree<Tensor>
  readonly weights: readonly Tree<NDArray>[]
  readonly inputs: readonly SymbolicType[]
  /** Below what whole numbers of an input lie. */
  readonly below?: number
}

const key = Key.fromSeed(11)

function normal(shape: readonly number[], seed: number): NDArray {
  const a = zerosOf('f32', shape)
  fillNormal(a.data as Float32Array, key.fork(seed).words)
  return a
}

/** Weights as if trained a while: nothing at 0 or 1, variances positive. */
const lived = (tree: Tree<NDArray>, seed: number): Tree<NDArray> => {
  let n = seed
  const visit = (t: Tree<NDArray>, name: string): Tree<NDArray> => {
    if ('data' in t && 'dtype' in t) {
      const a = t as NDArray
      const drawn = normal(a.shape, n++).data as Float32Array
      return {
        ...a,
        data: Float32Array.from(a.data as Float32Array, (v, i) =>
          name === 'variance' ? Math.abs(v + 0.3 * drawn[i]!) + 0.1 : v + 0.1 * drawn[i]!,
        ),
      }
    }
    return Object.fromEntries(Object.entries(t).map(([k, v]) => [k, visit(v as Tree<NDArray>, k)]))
  }
  return visit(tree, '')
}

function layered(name: string, model: nn.Layer, inputs: readonly SymbolicType[], below?: number): Exported {
  const { params, state } = model.init(key.fork(name))
  return {
    name,
    f: (p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => ({ logits: model.apply(p, s, x)[0] }),
    weights: [lived(params, 100), lived(state, 500)],
    inputs,
    ...(below === undefined ? {} : { below }),
  }
}

const mlp = nn.sequence({ a: nn.linear(6, 16), act: nn.fn(relu), norm: nn.layerNorm(16), ffn: nn.ffn(16), out: nn.linear(16, 3) })

const cnn = nn.sequence({
  conv1: nn.conv2d(1, 6, 3, { padding: 1 }),
  norm1: nn.batchNorm(6),
  act1: nn.fn(relu),
  conv2: nn.conv2d(6, 8, 3, { stride: 2, padding: 1 }),
  norm2: nn.batchNorm(8),
  act2: nn.fn(relu),
  pool: nn.fn(x => maxPool(x, 2)),
  flat: nn.flatten,
  out: nn.linear(8 * 4, 10),
})

const embedding = nn.embedding(17, 16)
const gpt = nn.sequence({
  embedding,
  positions: nn.learnedPositions(80, 16),
  blocks: nn.repeat(3, nn.block({ d: 16, attention: nn.attention(16, { heads: 4, causal: true }), ffn: nn.ffn(16) })),
  norm: nn.layerNorm(16),
  out: embedding.readout(),
})

const recurrent = nn.sequence({ lstm: nn.lstm(5, 8), back: nn.gru(8, 6, { reverse: true }), out: nn.linear(6, 2) })

/** Numbers and categories, each a token, with attention between them and a class token in front. */
const block = nn.block({ d: 8, attention: nn.attention(8, { heads: 2 }), ffn: nn.ffn(8) })
const tabular: Exported = {
  name: 'tabular',
  f: (
    p: { scale: Tensor; shift: Tensor; table: Tensor; start: Tensor; block: Tree<Tensor>; out: Tensor },
    numbers: Tensor,
    category: Tensor,
  ) => {
    const n = numbers.shape[0]!
    const tokens = add(p.shift, reshape(numbers, [n, 4, 1]))
    const start = add(p.start, gather(p.table, category))
    const [y] = block.apply(p.block, block.init(key).state as Tree<never>, concat([reshape(start, [n, 1, 8]), tokens], 1))
    return [softmax(reshape(mean(add(y, p.out), 1), [n, 8])), mean(y)]
  },
  weights: [
    {
      shift: normal([4, 8], 1),
      table: normal([7, 8], 2),
      start: normal([8], 3),
      block: lived(block.init(key).params, 30),
      out: normal([8], 4),
    },
  ],
  inputs: [
    { dtype: 'f32', shape: ['batch', 4] },
    { dtype: 'i64', shape: ['batch'] },
  ],
  below: 7,
}

export const EXPORTED: readonly Exported[] = [
  layered('mlp', mlp, [{ dtype: 'f32', shape: ['batch', 6] }]),
  layered('cnn', cnn, [{ dtype: 'f32', shape: ['batch', 1, 8, 8] }]),
  layered('gpt', gpt, [{ dtype: 'i64', shape: ['batch', 'time'] }], 17),
  layered('recurrent', recurrent, [{ dtype: 'f32', shape: ['batch', 9, 5] }]),
  tabular,
]

/** Values for the inputs at given sizes. */
export function valuesAt({ inputs, below = 1 }: Exported, sizes: Readonly<Record<string, number>>): NDArray[] {
  return inputs.map(({ dtype, shape }, i) => {
    const at = shape.map(n => (typeof n === 'string' ? sizes[n]! : n))
    const drawn = normal(at, 1000 + i)
    return dtype === 'f32'
      ? drawn
      : { dtype, shape: at, data: BigInt64Array.from(drawn.data as Float32Array, v => BigInt(Math.floor(Math.abs(v) * 1000) % below)) }
  })
}
