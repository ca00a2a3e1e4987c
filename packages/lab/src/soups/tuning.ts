/** Small classifiers, fine-tuned in many ways from the same weights. */
import { accuracyOf, type Logits, predictor } from '@dioramic/learn/soups'
import { copied, drawnDigits, uniforms } from '@dioramic/learn/theory'
import {
  add,
  batches,
  crossEntropy,
  f32,
  fit,
  i64,
  type Key,
  mul,
  type NDArray,
  nn,
  numbersOf,
  optim,
  randomNormal,
  relu,
  type Tensor,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import { arena, runtime } from '../theory/engine.ts'

export { arena, runtime }

export interface Samples {
  /** [n, …] */
  readonly x: NDArray
  /** i64 [n] */
  readonly y: NDArray
}

/** Digits drawn on the spot as rows of 64 numbers. */
export function digits(count: number, key: Key, options: { noise?: number; spread?: number } = {}): Samples {
  const { x, y } = drawnDigits(count, key, options)
  return { x: f32(Float32Array.from(x.flatMap(r => [...r])), [count, 64]), y: i64(y) }
}

/** 64 → 128 → 128 → 10. */
export const network = nn.sequence({
  one: nn.linear(64, 128, { init: nn.kaiming() }),
  bend: nn.fn(relu),
  two: nn.linear(128, 128, { init: nn.kaiming() }),
  bend2: nn.fn(relu),
  out: nn.linear(128, 10),
})

/** How a model is fine-tuned. */
export interface Tuning {
  readonly lr: number
  readonly epochs: number
  readonly weightDecay?: number
  readonly smoothing?: number
  /** Deviation of the noise on inputs. */
  readonly noise?: number
  /** Rows of a batch. Default 64. */
  readonly batch?: number
}

/** Trains a layer from given weights by AdamW with a cosine rate. Two keys give two orders of the samples, and two draws of noise. */
export async function tune(
  layer: nn.Layer,
  start: { readonly params: Tree<NDArray>; readonly state: Tree<NDArray> },
  data: Samples,
  { lr, epochs, weightDecay = 1e-4, smoothing = 0, noise = 0, batch = 64 }: Tuning,
  key: Key,
): Promise<{ readonly params: Tree<NDArray>; readonly state: Tree<NDArray> }> {
  const loss = (p: Tree<Tensor>, s: Tree<Tensor>, { x, y }: { x: Tensor; y: Tensor }, k: Tensor) => {
    const seen = noise > 0 ? add(x, mul(randomNormal(k, x.shape), noise)) : x
    const [logits, next] = layer.apply(p, s, seen, { key: k, train: true })
    return [crossEntropy(logits, y, { labelSmoothing: smoothing }), next] as const
  }
  const parts = batches({ x: data.x, y: data.y }, { size: batch, key: key.fork('order') })
  const updates = epochs * parts.perEpoch
  const rule = optim.chain(optim.adamw({ lr: optim.cosine(lr, updates), weightDecay }))
  const training = await trainStep(loss, rule, { runtime, arena, params: start.params, state: start.state, key: key.fork('noise') })
  await fit(training, { batches: parts, updates, logEvery: updates })
  const kept = { params: copied(training.params), state: copied(training.state) }
  await training.dispose()
  return kept
}

/** Logits of a layer without state for any weights, and accuracy of logits, on some samples. */
export function judge(layer: nn.Layer, { x, y }: Samples, state: Tree<NDArray> = {}) {
  const labels = numbersOf(y)
  const apply = (w: Tree<Tensor>, rows: Tensor) => layer.apply((w as { p: Tree<Tensor> }).p, (w as { s: Tree<Tensor> }).s as never, rows)[0]
  const logits = predictor(apply, x, runtime, 512)
  return {
    labels,
    logits: (params: Tree<NDArray>, own = state): Promise<Logits> => logits({ p: params, s: own } as Tree<NDArray>),
    accuracy: (z: Logits) => accuracyOf(z, labels),
  }
}

/** What digits are fine-tuned to: noisier, and more distorted. */
export const TARGET = { noise: 0.35, spread: 1.4 } as const

/** The network trained on clean digits. */
export const pretrained = (key: Key) =>
  tune(network, network.init(key.fork('init')), digits(1500, key.fork('clean')), { lr: 1e-3, epochs: 6 }, key.fork('pretrain'))

/** Hyperparameters drawn as the paper draws its 71 for CLIP, in ranges of this task. */
export function drawnTuning(key: Key, rates: readonly [low: number, high: number], epochs: readonly [low: number, high: number]): Tuning {
  const [u, v, s, t, n, e] = uniforms(key, 6) as unknown as [number, number, number, number, number, number]
  return {
    lr: rates[0] * (rates[1] / rates[0]) ** u,
    weightDecay: 10 ** (-0.2 - 3.8 * v),
    smoothing: s < 0.5 ? 0 : 0.25 * t,
    noise: n < 1 / 3 ? 0 : 0.2 * n,
    epochs: Math.round(epochs[0] + (epochs[1] - epochs[0]) * e),
  }
}
