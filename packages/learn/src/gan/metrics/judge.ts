/** The named net of scores and distances: a small classifier, trained here on real samples and known by the hash of its weights. */
import { sha256 } from '@dioramic/codec'
import { flatten, type Key, type NDArray, nn, optim, relu, type Shape, type Tensor, type Tree } from '@dioramic/tensor'
import { differentiable } from '../../theory/models/classifier.ts'
import { trainClassifier } from '../../theory/models/train.ts'
import { GanError } from '../error.ts'
import type { Engine } from '../trainer/gan.ts'
import type { Rows } from './rows.ts'

/** Labelled samples. */
export interface LabelledSet {
  readonly x: Rows
  readonly y: ArrayLike<number>
  readonly classes: number
  /** Of one sample. */
  readonly shape: Shape
}

export interface Judge {
  /** `mlp-64-32 sha256:…`: say it beside every number that it makes. */
  readonly name: string
  /** Last features of each sample. */
  features(x: Rows): Promise<Float64Array[]>
  /** Class probabilities of each sample. */
  probabilities(x: Rows): Promise<Float64Array[]>
  classes(x: Rows): Promise<Int32Array>
}

export interface JudgeOptions {
  readonly updates?: number
  /** Sizes of the hidden layers; the last are the features. Default 64 and 32. */
  readonly hidden?: readonly number[]
}

/** Trains a classifier of labelled samples. @throws GanError where a class is missing */
export async function trainJudge(
  data: LabelledSet,
  key: Key,
  { runtime, arena }: Engine,
  { updates = 600, hidden = [64, 32] }: JudgeOptions = {},
): Promise<Judge> {
  const present = new Set(Array.from(data.y))
  for (let k = 0; k < data.classes; k++)
    if (!present.has(k)) throw new GanError(`a judge of ${data.classes} classes needs samples of each; class ${k} has none`)
  const d = data.shape.reduce((a, b) => a * b, 1)
  const body = nn.sequence(
    nn.flatten,
    ...hidden.flatMap((to, i) => [nn.linear(i === 0 ? d : hidden[i - 1]!, to, { init: nn.kaiming() }), nn.fn(relu)]),
  )
  const layer = nn.sequence({ body, out: nn.linear(hidden.at(-1)!, data.classes) })
  const { model } = await trainClassifier(
    { ...data, y: Int32Array.from(data.y) },
    {
      layer,
      updates,
      batch: 64,
      rule: optim.chain(optim.adamw({ lr: optim.cosine(3e-3, updates), weightDecay: 0.02 })),
      runtime,
      arena,
      key,
    },
  )
  const params = model.params as { readonly body: Tree<NDArray> }
  const stateless = body.state as Tree<never>
  const featuring = differentiable(
    { params: params.body, apply: (p: Tree<Tensor>, x) => body.apply(p, stateless, x)[0] },
    data.shape,
    hidden.at(-1)!,
    runtime,
  )
  const whole = differentiable(model, data.shape, data.classes, runtime)
  const probabilities = async (x: Rows) => (await whole.logits(x)).map(softmax)
  return {
    name: `mlp-${hidden.join('-')} sha256:${hashOf(model.params).slice(0, 12)}`,
    features: x => featuring.logits(x),
    probabilities,
    classes: async x => Int32Array.from(await probabilities(x), p => p.indexOf(Math.max(...p))),
  }
}

function softmax(logits: Float64Array): Float64Array {
  const top = Math.max(...logits)
  const e = logits.map(l => Math.exp(l - top))
  const total = e.reduce((a, b) => a + b, 0)
  return e.map(v => v / total)
}

function hashOf(params: Tree<NDArray>): string {
  const { list } = flatten<NDArray>(params)
  const bytes = list.flatMap(a => [...new Uint8Array(a.data.buffer, a.data.byteOffset, a.data.byteLength)])
  return sha256(Uint8Array.from(bytes))
}

/** Share of samples whose class a judge gets right. */
export async function accuracy(judge: Judge, { x, y }: Pick<LabelledSet, 'x' | 'y'>): Promise<number> {
  const guess = await judge.classes(x)
  return guess.filter((k, i) => k === y[i]).length / x.length
}
