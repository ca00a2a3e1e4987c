// onnxruntime takes what we write.
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { attribute, encodeModel, type GraphProto, type ModelProto, node, valueInfo } from './index.ts'

const model = (graph: GraphProto): ModelProto => ({ irVersion: 10, opsets: [{ domain: '', version: 21 }], graph })
const run = async (m: ModelProto, feeds: Record<string, Tensor>) => {
  const session = await InferenceSession.create(encodeModel(m), { logSeverityLevel: 3 })
  return session.run(feeds)
}

test('a matrix product with a symbolic batch', async () => {
  const m = model({
    name: 'affine',
    nodes: [node('MatMul', ['x', 'w'], ['h']), node('Add', ['h', 'b'], ['y'])],
    initializers: [
      { name: 'w', dtype: 'f32', dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
      { name: 'b', dtype: 'f32', dims: [2], data: Float32Array.of(10, 20) },
    ],
    inputs: [valueInfo('x', 'f32', ['batch', 2])],
    outputs: [valueInfo('y', 'f32', ['batch', 2])],
  })
  const one = await run(m, { x: new Tensor('float32', [1, 1], [1, 2]) })
  expect([...(one['y']!.data as Float32Array)]).toEqual([14, 26])
  const two = await run(m, { x: new Tensor('float32', [1, 0, 0, 1], [2, 2]) })
  expect([...(two['y']!.data as Float32Array)]).toEqual([11, 22, 13, 24])
})

test('If with nested graphs, attributes of every kind of number, constants of many types', async () => {
  const branch = (factor: number): GraphProto => ({
    name: 'branch',
    nodes: [
      node('Constant', [], ['k'], { value: attribute.tensor({ name: '', dtype: 'f32', dims: [], data: Float32Array.of(factor) }) }),
      node('Mul', ['x', 'k'], ['z']),
    ],
    inputs: [],
    outputs: [valueInfo('z', 'f32', [3])],
  })
  const m = model({
    name: 'choice',
    nodes: [
      node('If', ['on'], ['a'], { then_branch: attribute.graph(branch(2)), else_branch: attribute.graph(branch(-1)) }),
      node('LeakyRelu', ['a'], ['r'], { alpha: attribute.float(0.5) }),
      node('ReduceSum', ['r', 'axes'], ['s'], { keepdims: attribute.int(0) }),
      node('Cast', ['half'], ['h'], { to: attribute.int(1) }),
      node('Add', ['s', 'h'], ['y']),
    ],
    initializers: [
      { name: 'axes', dtype: 'i64', dims: [1], data: BigInt64Array.of(-1n) },
      { name: 'half', dtype: 'f16', dims: [], data: Uint16Array.of(0x3800) },
    ],
    inputs: [valueInfo('on', 'bool', []), valueInfo('x', 'f32', [3])],
    outputs: [valueInfo('y', 'f32', [])],
  })
  const x = new Tensor('float32', [1, 2, 3], [3])
  const yes = await run(m, { on: new Tensor('bool', [1], []), x })
  const no = await run(m, { on: new Tensor('bool', [0], []), x })
  expect((yes['y']!.data as Float32Array)[0]).toBe(12.5)
  expect((no['y']!.data as Float32Array)[0]).toBe(-2.5)
})
