/** Training of one model of rows: AdamW at a constant rate until the validation loss no longer falls, and the best epoch kept (the protocol of Gorishniy et al. 2022). */
import {
  type Arena,
  batches,
  compile,
  crossEntropy,
  f32,
  fit,
  flatten,
  i64,
  type Key,
  mse,
  type NDArray,
  nn,
  optim,
  type Runtime,
  reshape,
  softmax,
  type Tensor,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import { inChunks } from './chunks.ts'
import { TabularError } from './error.ts'

/** Rows ready for a model, and what is to be predicted: standardised numbers, or classes from 0. */
export interface Rows {
  /** Row after row, `width` numbers each. */
  readonly x: Float32Array
  readonly width: number
  readonly y: Float64Array
}

export interface TrainingSettings {
  readonly lr: number
  readonly weightDecay: number
  readonly batch: number
  /** Most passes over the data. */
  readonly epochs: number
  /** Ends after so many epochs without a lower validation loss. */
  readonly patience: number
}

export interface Engine {
  readonly runtime: Runtime
  readonly arena: (bytes: number) => Promise<Arena>
}

export interface EpochReport {
  readonly epoch: number
  readonly train: number
  readonly validation: number
  readonly best: number
  readonly seconds: number
}

/** A model with the parameters of its best epoch. */
export interface TrainedRows {
  readonly model: nn.Layer
  readonly params: Tree<NDArray>
  readonly state: Tree<NDArray>
  readonly history: readonly EpochReport[]
  /** Validation loss at the best epoch: mean squared error of the standardised target, or mean −ln p. */
  readonly best: number
  readonly seconds: number
}

/** What a model of rows predicts: one number, or probabilities of classes. */
export type Outputs = { readonly kind: 'regression' } | { readonly kind: 'classes'; readonly classes: number }

const copied = (tree: Tree<NDArray>): Tree<NDArray> => {
  const { list, rebuild } = flatten<NDArray>(tree)
  return rebuild(list.map(a => ({ ...a, data: a.data.slice() as NDArray['data'] })))
}

const targets = (y: Float64Array, outputs: Outputs): NDArray =>
  outputs.kind === 'regression' ? f32(Float32Array.from(y), [y.length]) : i64(Int32Array.from(y))

/** Trains. `onEpoch` is told of every epoch and ends the run by returning false. @throws TabularError where training leaves the finite numbers */
export async function trainRows(
  model: nn.Layer,
  outputs: Outputs,
  data: { readonly train: Rows; readonly validation: Rows },
  s: TrainingSettings,
  o: Engine & { readonly key: Key; readonly onEpoch?: (e: EpochReport) => boolean },
): Promise<TrainedRows> {
  const { train, validation } = data
  const size = Math.min(s.batch, train.y.length)
  const first = model.init(o.key.fork('init'))
  const loss = (p: Tree<Tensor>, st: Tree<Tensor>, b: { x: Tensor; y: Tensor }, k: Tensor) => {
    const [out, next] = model.apply(p, st, b.x, { key: k, train: true })
    return [outputs.kind === 'regression' ? mse(reshape(out, [size]), b.y) : crossEntropy(out, b.y), next] as const
  }
  const rule = optim.chain(optim.adamw({ lr: s.lr, weightDecay: s.weightDecay }), optim.noDecay(), optim.scaleUpdates(nn.factorsOf(model)))
  const training = await trainStep(loss, rule, {
    runtime: o.runtime,
    arena: o.arena,
    params: first.params,
    state: first.state,
    key: o.key.fork('train'),
  })
  const predict = predictor(model, outputs, o.runtime)
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const history: EpochReport[] = []
  const stop = new AbortController()
  let best = { loss: Infinity, params: first.params, state: first.state }
  let sum = 0
  try {
    await fit(training, {
      batches: batches(
        { x: f32(train.x, [train.y.length, train.width]), y: targets(train.y, outputs) },
        { size, key: o.key.fork('batches') },
      ),
      epochs: s.epochs,
      logEvery: 1,
      logs: [{ write: e => void (e.kind === 'train' && (sum += e.values['loss']!)) }],
      evaluate: {
        run: async t => {
          const found = lossOf(await predict(t.params, t.state, validation), validation.y, outputs)
          if (found < best.loss) best = { loss: found, params: copied(t.params), state: copied(t.state) }
          const batchesDone = Math.floor(train.y.length / size)
          const report = { epoch: history.length + 1, train: sum / batchesDone, validation: found, best: best.loss, seconds: seconds() }
          sum = 0
          history.push(report)
          if (o.onEpoch?.(report) === false) stop.abort()
          return { loss: found }
        },
      },
      stop: { patience: s.patience },
      signal: stop.signal,
    })
  } finally {
    await training.dispose()
  }
  if (!Number.isFinite(best.loss))
    throw new TabularError(`training with a rate of ${s.lr} left the finite numbers in the first epoch; give a lower one (--lr)`)
  return { model, params: best.params, state: best.state, history, best: best.loss, seconds: seconds() }
}

/** Predictions of rows: one number a row (standardised), or the classes' probabilities row after row. */
export function predictor(model: nn.Layer, outputs: Outputs, runtime: Runtime) {
  const run = compile<[Tree<NDArray>, Tree<NDArray>, NDArray], NDArray>((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => {
    const y = model.apply(p, s, x)[0]
    return outputs.kind === 'regression' ? y : softmax(y)
  }, runtime)
  const wide = outputs.kind === 'regression' ? 1 : outputs.classes
  return async (params: Tree<NDArray>, state: Tree<NDArray>, { x, width }: Pick<Rows, 'x' | 'width'>): Promise<Float64Array> =>
    inChunks(x, { width, wide }, rows => run(params, state, rows))
}

/** Mean squared error, or mean −ln p of the label. */
export function lossOf(predictions: Float64Array, y: Float64Array, outputs: Outputs): number {
  let sum = 0
  for (let i = 0; i < y.length; i++)
    sum +=
      outputs.kind === 'regression' ? (predictions[i]! - y[i]!) ** 2 : -Math.log(Math.max(predictions[i * outputs.classes + y[i]!]!, 1e-30))
  return sum / y.length
}
