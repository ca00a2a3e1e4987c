/** A small segmenter of pictures, and how well it tells classes apart. */
import type { Planes } from '@dioramic/learn/gan'
import {
  batches,
  compile,
  concat,
  crossEntropy,
  f32,
  fit,
  i64,
  type Key,
  mapBatches,
  type NDArray,
  nn,
  numbersOf,
  optim,
  relu,
  reshape,
  type Tensor,
  type Tree,
  trainStep,
  transpose,
} from '@dioramic/tensor'
import { engine } from '../agent/engine.ts'
import type { Labelled } from './refiner-pictures.ts'

const conv = (from: number, to: number) => nn.conv2d(from, to, 3, { padding: 1, init: nn.kaiming() })
const half = (from: number, to: number) => nn.conv2d(from, to, 4, { stride: 2, padding: 1, init: nn.kaiming() })
const twice = (from: number, to: number) => nn.convTranspose(from, to, 2, { stride: 2 })

/** A U-Net of two levels (Ronneberger et al. 2015), the finest at half the picture's size. */
function unet(channels: number, classes: number) {
  const parts = {
    a: half(channels, 24),
    b: half(24, 32),
    c: conv(32, 48),
    d: conv(48, 48),
    up: twice(48, 24),
    e: conv(48, 24),
    out: twice(24, classes),
  }
  return nn.layer<Tree<Tensor>>({
    parameters: Object.fromEntries(Object.entries(parts).map(([k, p]) => [k, p.parameters])) as never,
    apply: (params, _state, x, context) => {
      const values = params as Record<string, Tree<Tensor>>
      const run = (k: keyof typeof parts, y: Tensor) => parts[k].apply(values[k]!, {}, y, context)[0]
      const a = relu(run('a', x))
      const d = relu(run('d', relu(run('c', relu(run('b', a))))))
      return run('out', relu(run('e', concat([run('up', d), a], 1))))
    },
  })
}

/** Pixels as rows. */
const rowsOf = (logits: Tensor): Tensor => reshape(transpose(logits, [0, 2, 3, 1]), [-1, logits.shape[1]!])

export const stacked = (pictures: readonly Planes[]): NDArray => {
  const { height, width, data } = pictures[0]!
  const out = new Float32Array(pictures.length * data.length)
  for (const [i, p] of pictures.entries()) out.set(p.data, i * data.length)
  return f32(out, [pictures.length, data.length / (height * width), height, width])
}

export interface SegmenterOptions {
  readonly updates: number
  readonly key: Key
  /** Changes a batch of pictures before it is learned from. */
  readonly augment?: (x: NDArray, key: Key) => NDArray
}

/** Trains on labelled pictures; returns the mean intersection over union of the classes on others. */
export async function segment(
  { pictures, labels }: Labelled,
  tests: Labelled,
  { updates, key, augment }: SegmenterOptions,
): Promise<number> {
  const classes = 2
  const x = stacked(pictures)
  const area = labels[0]!.length
  const net = unet(x.shape[1]!, classes)
  const first = net.init(key.fork('init'))
  const loss = (p: Tree<Tensor>, s: Tree<Tensor>, b: { x: Tensor; y: Tensor }) =>
    crossEntropy(rowsOf(net.apply(p, s, b.x, {})[0]), reshape(b.y, [-1]))
  const rule = optim.chain(optim.adam({ lr: optim.cosine(4e-3, updates) }))
  const training = await trainStep(loss, rule, { ...engine, ...first, key: key.fork('train') })
  const y = i64(
    labels.flatMap(l => [...l]),
    [labels.length, area],
  )
  const plain = batches({ x, y }, { size: 16, key: key.fork('batches') })
  const data = augment ? mapBatches(plain, key.fork('augment'), (b, k) => ({ ...b, x: augment(b.x, k) })) : plain
  await fit(training, { batches: data, updates, logEvery: updates })
  const run = compile((p: Tree<Tensor>, x: Tensor) => rowsOf(net.apply(p, first.state as never, x, {})[0]), engine.runtime)
  const logits = numbersOf((await run(training.params, stacked(tests.pictures))) as NDArray)
  await Promise.all([training.dispose(), run.dispose()])
  const [both, either] = [new Float64Array(classes), new Float64Array(classes)]
  tests.labels.forEach((truth, i) => {
    truth.forEach((t, p) => {
      const at = (i * area + p) * classes
      let best = 0
      for (let k = 1; k < classes; k++) if (logits[at + k]! > logits[at + best]!) best = k
      either[t]!++
      if (best === t) both[t]!++
      else either[best]!++
    })
  })
  return both.reduce((s, v, k) => s + v / Math.max(1, either[k]!), 0) / classes
}
