/** Exported models in onnxruntime, at sizes that they were not traced at, against the interpreter; and back again through the importer. */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { type NDArray, numbersOf } from '../../src/graph/array.ts'
import { type DType, spec } from '../../src/graph/dtype.ts'
import type { Tensor } from '../../src/graph/tensor.ts'
import { trace } from '../../src/graph/trace.ts'
import { flatten, type Tree } from '../../src/graph/tree.ts'
import { interpret } from '../../src/interpret/interpret.ts'
import { exportOnnx } from '../../src/onnx/export/index.ts'
import { importOnnx } from '../../src/onnx/import/index.ts'
import { decodeModel, encodeModel } from '../../src/onnx/proto/index.ts'
import { EXPORTED, valuesAt } from '../onnx-models.ts'

const typesOf = (tree: Tree<NDArray>) => {
  const { list, rebuild } = flatten<NDArray>(tree)
  return rebuild(list.map(a => spec(a.dtype as DType, a.shape)))
}

/** What a function gives, computed in double precision. */
// biome-ignore lint/suspicious/noExplicitAny: trees of tensors.
const evaluate = (f: (...args: any[]) => Tree<Tensor>, args: readonly Tree<NDArray>[]): NDArray[] =>
  interpret(trace(f, args.map(typesOf)).graph, flatten<NDArray>(args).list)

function near(ours: ArrayLike<number | bigint>, want: NDArray): void {
  expect(ours.length).toBe(want.data.length)
  const scale = Math.max(1, ...numbersOf(want).map(Math.abs))
  numbersOf(want).forEach((v, i) => {
    if (!(Math.abs(Number(ours[i]) - v) <= 1e-5 * scale)) expect.fail(`[${i}] is ${ours[i]}, not ${v}`)
  })
}

const SIZES = [1, 7, 64].map(batch => ({ batch, time: batch === 1 ? 1 : batch === 7 ? 40 : 13 }))

test.each(EXPORTED)('$name', async exported => {
  const model = exportOnnx(exported.f, [...exported.weights, ...exported.inputs])
  const bytes = encodeModel(model)
  expect(decodeModel(bytes).opsets).toEqual([{ domain: '', version: 21 }])
  expect(model.graph.nodes.filter(n => n.domain)).toEqual([])
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3, intraOpNumThreads: 1 })
  const imported = importOnnx(bytes)
  for (const sizes of SIZES) {
    const xs = valuesAt(exported, sizes)
    const want = evaluate(exported.f, [...exported.weights, ...xs])
    const feeds = Object.fromEntries(
      session.inputNames.map((name, i) => [
        name,
        new OrtTensor(xs[i]!.dtype === 'f32' ? 'float32' : 'int64', xs[i]!.data as Float32Array, xs[i]!.shape),
      ]),
    )
    const got = await session.run(feeds)
    session.outputNames.forEach((name, i) => {
      expect(got[name]!.dims).toEqual(want[i]!.shape)
      near(got[name]!.data as Float32Array, want[i]!)
    })
    const back = evaluate(
      (p: Record<string, Tensor>, ...given: Tensor[]) =>
        imported.apply(p, Object.fromEntries(imported.inputs.map((v, i) => [v.name, given[i]!]))),
      [imported.params, ...xs],
    )
    for (const [i, y] of back.entries()) near(numbersOf(y), want[i]!)
  }
  await session.release()
})
