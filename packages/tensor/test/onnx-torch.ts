/** What PyTorch exported, against what it computed itself (see fixtures/make_onnx.py). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { grad } from '../src/autodiff/vjp.ts'
import { type NDArray, numbersOf } from '../src/graph/array.ts'
import { type DType, spec } from '../src/graph/dtype.ts'
import type { Tensor } from '../src/graph/tensor.ts'
import { trace } from '../src/graph/trace.ts'
import { flatten } from '../src/graph/tree.ts'
import { interpret } from '../src/interpret/interpret.ts'
import { importOnnx } from '../src/onnx/import/index.ts'
import { add, constant, mul, reshape, sum } from '../src/ops/index.ts'

type Arrays = ReadonlyMap<string, NDArray>

function readArrays(path: string): Arrays {
  const bytes = readFileSync(path)
  const size = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.subarray(8, 8 + size).toString()) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const { buffer } = Uint8Array.from(bytes.subarray(8 + size + from, 8 + size + to))
        return [
          name,
          dtype === 'F32'
            ? { dtype: 'f32', shape, data: new Float32Array(buffer) }
            : { dtype: 'i64', shape, data: new BigInt64Array(buffer) },
        ]
      },
    ),
  )
}

/** Largest difference, against the largest value. */
function near(what: string, ours: NDArray, theirs: NDArray, order: readonly number[] | undefined = undefined): void {
  const [a, b] = [numbersOf(ours), numbersOf(theirs)]
  expect(a.length, what).toBe(b.length)
  const scale = Math.max(1e-2, ...b.map(Math.abs))
  a.forEach((x, i) => {
    const want = b[order?.[i] ?? i]!
    if (!(Math.abs(x - want) <= 2e-5 * scale)) expect.fail(`${what}[${i}]: ${x}, PyTorch has ${want}`)
  })
}

/** Where the elements of `a` stand in `b`, if they are the same, or the same transposed (exporters turn matrices around). */
function orderIn(a: NDArray, b: NDArray): number[] | undefined {
  if (a.data.length !== b.data.length) return undefined
  const [rows, columns] = b.shape.length === 2 ? (b.shape as [number, number]) : [1, b.data.length]
  const orders = [(i: number) => i, (i: number) => (i % rows) * columns + Math.floor(i / rows)]
  const right = orders.find(at => a.data.every((x, i) => x === b.data[at(i)]))
  return right && Array.from({ length: a.data.length }, (_, i) => right(i))
}

/** Equal outputs, and equal gradients to inputs and to every parameter that the exporter kept; how many of those there were. */
export function agreesWithTorch(folder: string, file: string): number {
  const want = readArrays(join(folder, `${file.split('.')[0]}.safetensors`))
  const model = importOnnx(readFileSync(join(folder, file)))
  const inputs = model.inputs.map(i => want.get(i.name)!)
  const floats = model.inputs.flatMap((i, k) => (i.dtype === 'f32' ? [k] : []))
  const types = [model.params, inputs].map(t => {
    const { list, rebuild } = flatten<NDArray>(t)
    return rebuild(list.map(a => spec(a.dtype as DType, a.shape)))
  })
  const { graph } = trace((params: Record<string, Tensor>, xs: readonly Tensor[]) => {
    const run = (p: Record<string, Tensor>, given: readonly Tensor[]) =>
      Object.values(model.apply(p, Object.fromEntries(model.inputs.map((i, k) => [i.name, given[k]!]))))
    const loss = ([p, own]: [Record<string, Tensor>, Tensor[]]) =>
      run(
        p,
        xs.map((x, k) => (floats.includes(k) ? own[floats.indexOf(k)]! : x)),
      )
        .map(y =>
          sum(
            mul(
              reshape(y, [-1]),
              constant({ dtype: 'f32', shape: [y.size], data: Float32Array.from({ length: y.size }, (_, i) => Math.cos(i)) }),
            ),
          ),
        )
        .reduce((a, b) => add(a, b))
    return [run(params, xs), grad(loss)([params, floats.map(k => xs[k]!)])]
  }, types as never)
  const results = interpret(graph, [...Object.values(model.params), ...inputs], { precision: 'f64' })
  model.outputs.forEach((name, i) => {
    near(`${file}: ${name}`, results[i]!, want.get(`output.${i}`)!)
  })
  const gradients = results.slice(model.outputs.length)
  const names = Object.keys(model.params)
  floats.forEach((k, i) => {
    near(`${file}: gradient to input ${k}`, gradients[names.length + i]!, want.get(`input.${k}.grad`)!)
  })
  const learnt = [...want.keys()].flatMap(key => (/^param\..*(?<!\.grad)$/.test(key) ? [key] : []))
  let compared = 0
  names.forEach((name, i) => {
    const array = model.params[name]!
    const key = [`param.${name}`, ...learnt].find(k => want.has(k) && orderIn(array, want.get(k)!))
    if (key === undefined) return
    compared++
    near(`${file}: gradient to ${name}`, gradients[i]!, want.get(`${key}.grad`)!, orderIn(array, want.get(key)!))
  })
  return compared
}
