/** Is a model a plain ReLU network? Its parameters are tried as one, and its outputs decide. */
import { flatten, type NDArray, numbersOf } from '@dioramic/tensor'
import { matrix } from '../algebra/matrix.ts'
import type { Inputs } from '../explanation/score.ts'
import { evaluate, type ReluNet } from '../expressivity/relu-net.ts'
import { type Classifier, sizeOfShape } from '../models/classifier.ts'

/** Matrices and biases in the order of the parameters, each matrix turned so that it fits the one before. */
function assembled(leaves: readonly NDArray[], inputs: number, outputsFirst: boolean): ReluNet | undefined {
  const layers: ReluNet[number][] = []
  let from = inputs
  const places = leaves.flatMap((a, i) => (a.shape.length === 2 ? [i] : []))
  if (places.length === 0 || leaves.some(a => a.shape.length > 2)) return undefined
  for (const [k, at] of places.entries()) {
    const [p, q] = leaves[at]!.shape as [number, number]
    const first = p === q ? outputsFirst : q === from
    if ((first ? q : p) !== from) return undefined
    const to = first ? p : q
    const w = numbersOf(leaves[at]!)
    const bias = leaves
      .slice(places[k - 1] ?? 0, places[k + 1] ?? leaves.length)
      .findLast(
        (a, i, all) => a.shape.length === 1 && a.data.length === to && (i > all.indexOf(leaves[at]!) || all.indexOf(leaves[at]!) === i + 1),
      )
    layers.push({
      w: matrix(to, from, first ? w : Float64Array.from({ length: to * from }, (_, i) => w[(i % from) * to + Math.floor(i / from)]!)),
      b: bias ? numbersOf(bias) : new Float64Array(to),
    })
    from = to
  }
  return layers
}

/** The model as a `ReluNet` if its outputs on some samples are those of one (to 1e-3), else undefined. */
export async function reluNetOf(model: Classifier, inputs: Inputs): Promise<ReluNet | undefined> {
  if (!model.graph) return undefined
  const { list } = flatten<NDArray>(model.graph.params)
  const logits = await model.logits(inputs)
  for (const outputsFirst of [true, false]) {
    const net = assembled(list, sizeOfShape(model.shape), outputsFirst)
    if (!net || net.at(-1)!.w.rows !== model.classes) continue
    const same = inputs.every((x, i) => evaluate(net, x).every((v, k) => Math.abs(v - logits[i]![k]!) <= 1e-3 * (1 + Math.abs(v))))
    if (same) return net
  }
  return undefined
}
