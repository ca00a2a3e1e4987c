/** Training a classifier for the laboratory. */
import {
  type Arena,
  batches,
  crossEntropy,
  fit,
  flatten,
  type Key,
  mul,
  type NDArray,
  type nn,
  oneHot,
  type optim,
  type Runtime,
  sub,
  sum,
  type Tensor,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import type { LabelledRows } from '../data/digits.ts'
import { batchOf, type Differentiable } from './classifier.ts'

export interface TrainingOptions {
  readonly layer: nn.Layer
  readonly updates: number
  /** Rows of a batch. */
  readonly batch: number
  readonly rule: optim.Rule
  readonly runtime: Runtime
  readonly arena: (bytes: number) => Promise<Arena>
  readonly key: Key
  /** From logits and labels; by default the mean cross-entropy. */
  readonly loss?: (logits: Tensor, labels: Tensor) => Tensor
  /** First values; by default drawn. */
  readonly params?: Tree<NDArray>
}

/** Copies: what stays when a training's memory is given back. */
export function copied(tree: Tree<NDArray>): Tree<NDArray> {
  const { list, rebuild } = flatten<NDArray>(tree)
  return rebuild(list.map(a => ({ ...a, data: a.data.slice() as NDArray['data'] })))
}

/** Trains a layer without changing state on labelled samples. Returns the model at its first and its last parameters. */
export async function trainClassifier(
  data: LabelledRows,
  o: TrainingOptions,
): Promise<{ readonly initial: Tree<NDArray>; readonly model: Differentiable }> {
  const { layer, runtime, arena, key, loss: objective = crossEntropy } = o
  const first = layer.init(key.fork('init'))
  const initial = o.params ?? first.params
  const apply = (p: Tree<Tensor>, x: Tensor) => layer.apply(p, first.state as Tree<never>, x)[0]
  const loss = (p: Tree<Tensor>, _s: Tree<Tensor>, b: { x: Tensor; y: Tensor }) => objective(apply(p, b.x), b.y)
  const training = await trainStep(loss, o.rule, { runtime, arena, params: initial, key: key.fork('train') })
  const all = batchOf(data.x, data.y, data.shape)
  await fit(training, {
    batches: batches(all, { size: Math.min(o.batch, data.y.length), key: key.fork('batches') }),
    updates: o.updates,
    logEvery: o.updates,
  })
  const params = copied(training.params)
  await training.dispose()
  return { initial, model: { params, apply } }
}

/** Half the squared distance of the outputs to the one-hot labels, mean over samples. */
export function squaredLoss(logits: Tensor, labels: Tensor): Tensor {
  const off = sub(logits, oneHot(labels, logits.shape[1]!))
  return mul(sum(mul(off, off)), 0.5 / logits.shape[0]!)
}
