/** A model of one's own under muP: what is marked is all that it takes. A rate that is found at width 32 serves every width. */
import { mup } from '@dioramic/learn/mup' // muP
import {
  add,
  batches,
  crossEntropy,
  f32,
  fillNormal,
  i64,
  Key,
  MemoryLog,
  nn,
  optim,
  relu,
  fit as run,
  type Tensor,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'

/** Own layers are fine: this one adds what it computes to what it got. */
const residual = (inner: nn.Layer): nn.Layer =>
  nn.layer<{ inner: Tree<Tensor> }>({
    parameters: { inner: inner.parameters },
    apply: (p, _state, x, context) => add(x, inner.apply(p.inner, {}, x, context)[0]),
  })

const network = (width: number): nn.Layer => {
  const d = nn.dim('d', width, { base: 32 }) // muP: where there was `const d = width`
  return nn.sequence({
    first: nn.linear(8, d),
    block: residual(nn.sequence(nn.layerNorm(d), nn.linear(d, d), nn.fn(relu), nn.linear(d, d))),
    last: nn.linear(d, 4),
  })
}

/** Trains a width at a rate; the mean loss over the last 50 of 200 updates. */
export async function train(width: number, lr: number): Promise<number> {
  const key = Key.fromSeed(0)
  const x = new Float32Array(2048 * 8)
  fillNormal(x, key.fork('x').words)
  const label = (row: Float32Array) => 2 * Number(row[0]! * row[1]! > 0) + Number(row[2]! * row[3]! > row[4]!)
  const y = i64(Array.from({ length: 2048 }, (_, i) => label(x.subarray(i * 8, i * 8 + 8))))
  const by = mup({ optimizer: 'adam', zeroReadout: true }) // muP
  const model = nn.parametrise(network(width), by) // muP
  const training = await trainStep(
    (p: Tree<Tensor>, s: Tree<Tensor>, b: { x: Tensor; y: Tensor }) => crossEntropy(model.apply(p, s, b.x)[0], b.y),
    optim.chain(
      optim.adam({ lr, epsilon: 1e-12 }),
      optim.scaleUpdates(nn.factorsOf(model)), // muP
    ),
    { runtime: nodeRuntime({ threads: 1 }), arena: createArena, ...model.init(key), key },
  )
  const data = batches({ x: f32(x, [2048, 8]), y }, { size: 64, key: key.fork('order') })
  const log = new MemoryLog()
  await run(training, { batches: data, updates: 200, logEvery: 50, logs: [log] })
  await training.dispose()
  return log.entries.at(-1)!.values['loss']!
}

if (import.meta.main) for (const width of [32, 64, 128, 256]) console.log(width, await train(width, 2 ** -7))
