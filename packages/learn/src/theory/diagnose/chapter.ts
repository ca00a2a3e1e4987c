/** What a report is made of. */

import type { Key, NDArray, Runtime, Tree } from '@dioramic/tensor'
import type { Table } from '../../report/index.ts'
import type { LabelledRows } from '../data/digits.ts'
import type { ReluNet } from '../expressivity/relu-net.ts'
import type { Classifier } from '../models/classifier.ts'

export interface Subject {
  readonly name: string
  readonly model: Classifier
  /** Why the model can only be run, where that is so. */
  readonly reason?: string
  /** Samples that the model was not trained on. */
  readonly data: LabelledRows
  /** Those that it was trained on. */
  readonly train?: LabelledRows
  /** The network before training: for how far its tangent kernel moved. */
  readonly initial?: Tree<NDArray>
  /** The network trained on samples that are not in `train`: the centre of the prior of a PAC-Bayes bound. */
  readonly prior?: Tree<NDArray>
  /** How a sample is seen as a grey picture. */
  readonly picture?: readonly [height: number, width: number]
  readonly runtime: Runtime
  readonly key: Key
}

/** What the chapters share: computed once. */
export interface Findings {
  readonly logits: readonly Float64Array[]
  readonly trainLogits?: readonly Float64Array[]
  /** The model as matrices, if it is a plain ReLU network. */
  readonly net?: ReluNet
}

export interface Fact {
  readonly name: string
  readonly value: number
  /** What it says, in a sentence. */
  readonly meaning: string
}

export interface Chapter {
  readonly name: string
  readonly title: string
  readonly facts: readonly Fact[]
  readonly tables: readonly Table[]
  readonly pictures: readonly { readonly caption: string; readonly svg: string }[]
  /** What is not there, and why. */
  readonly missing: readonly string[]
}

/** Rows spread over a set: at most `count`. */
export function some<T>(rows: readonly T[], count: number): T[] {
  const n = Math.min(count, rows.length)
  return Array.from({ length: n }, (_, i) => rows[Math.floor((i * rows.length) / n)]!)
}
