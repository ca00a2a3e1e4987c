import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { f32, type NDArray } from '../../graph/array.ts'
import { spec } from '../../graph/dtype.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { trace } from '../../graph/trace.ts'
import { interpret } from '../../interpret/interpret.ts'
import { Key } from '../../random/key.ts'
import { attribute, encodeModel, type ModelProto, type NodeProto, node, OnnxError, type TensorProto, valueInfo } from '../proto/index.ts'
import { importOnnx } from './index.ts'

const model = (nodes: readonly NodeProto[], initializers: readonly TensorProto[] = [], more: Partial<ModelProto> = {}): ModelProto => ({
  irVersion: 8,
  opsets: [{ domain: '', version: 17 }],
  graph: {
    name: 'g',
    nodes,
    initializers,
    inputs: [valueInfo('x', 'f32', ['batch', 4])],
    outputs: [valueInfo('y', 'f32')],
  },
  ...more,
})

const ints = (name: string, values: readonly number[]): TensorProto => ({
  name,
  dtype: 'i64',
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
})

function run(m: ModelProto, x: NDArray, key?: NDArray): NDArray {
  const imported = importOnnx(m)
  const names = Object.keys(imported.params)
  const { graph } = trace(
    (given: Tensor, k: Tensor, ...params: Tensor[]) =>
      imported.apply(Object.fromEntries(params.map((p, i) => [names[i]!, p])), { x: given }, key ? { key: k } : {})['y']!,
    [spec('f32', x.shape), spec('i64', [2]), ...names.map(n => spec('f32', imported.params[n]!.shape))],
  )
  const none: NDArray = { dtype: 'i64', shape: [2], data: new BigInt64Array(2) }
  return interpret(graph, [x, key ?? none, ...names.map(n => imported.params[n]!)], { precision: 'f32' })[0]!
}

const x = f32([
  [1, 2, 3, 4],
  [5, 6, 7, 8],
])

describe('meaning', () => {
  const cases: [string, NodeProto[], TensorProto[], readonly number[], readonly number[]][] = [
    [
      'slices backwards to the end',
      [node('Slice', ['x', 's', 'e', 'a', 't'], ['y'])],
      [ints('s', [-1]), ints('e', [-(2 ** 53)]), ints('a', [1]), ints('t', [-2])],
      [2, 2],
      [4, 2, 8, 6],
    ],
    [
      'splits unevenly',
      [node('Split', ['x', 'n'], ['', 'y'], { axis: attribute.int(1) })],
      [ints('n', [1, 3])],
      [2, 3],
      [2, 3, 4, 6, 7, 8],
    ],
    [
      'pads by reflection',
      [node('Pad', ['x', 'p'], ['y'], { mode: attribute.string('reflect') })],
      [ints('p', [0, 2, 0, 1])],
      [2, 7],
      [3, 2, 1, 2, 3, 4, 3, 7, 6, 5, 6, 7, 8, 7],
    ],
    ['pads by less than nothing', [node('Pad', ['x', 'p'], ['y'])], [ints('p', [0, -1, 1, -2])], [3, 1], [2, 6, 0]],
    [
      'writes rows',
      [node('Gather', ['x', 'i'], ['r']), node('ScatterND', ['x', 'j', 'r'], ['y'])],
      [ints('i', [1]), { ...ints('j', [-2]), dims: [1, 1] }],
      [2, 4],
      [5, 6, 7, 8, 5, 6, 7, 8],
    ],
    [
      'takes the last of the equal best',
      [node('ArgMax', ['z'], ['y'], { axis: attribute.int(0), select_last_index: attribute.int(1), keepdims: attribute.int(0) })],
      [ints('z', [3, 9, 9, 1])],
      [],
      [2],
    ],
    [
      'follows shapes',
      [
        node('Shape', ['x'], ['s']),
        node('Gather', ['s', 'i'], ['n']),
        node('Concat', ['m', 'n'], ['t'], { axis: attribute.int(0) }),
        node('Reshape', ['x', 't'], ['y']),
      ],
      [ints('i', [0]), ints('m', [-1])],
      [4, 2],
      [1, 2, 3, 4, 5, 6, 7, 8],
    ],
  ]
  test.each(cases)('%s', (_, nodes, initializers, shape, values) => {
    const y = run(model(nodes, initializers), x)
    expect(y.shape).toEqual(shape)
    expect(Array.from(y.data, Number)).toEqual(values)
  })

  test('functions are inlined and branches that shapes decide are taken', () => {
    const twice = {
      name: 'Scale',
      domain: 'own',
      input: ['a'],
      output: ['b'],
      attributeNames: ['by'],
      opsets: [{ domain: '', version: 17 }],
      nodes: [
        { ...node('Constant', [], ['k']), attributes: [{ name: 'value_float', kind: 'reference', to: 'by', of: 'float' } as const] },
        node('Mul', ['a', 'k'], ['b']),
      ],
    }
    const branch = (name: string, by: number) =>
      attribute.graph({
        name,
        nodes: [node('Scale', ['x'], ['z'], { by: attribute.float(by) }, 'own')],
        inputs: [],
        outputs: [valueInfo('z', 'f32')],
      })
    const m = model(
      [
        node('Size', ['x'], ['n']),
        node('Equal', ['n', 'eight'], ['c']),
        node('If', ['c'], ['y'], { then_branch: branch('a', 2), else_branch: branch('b', 3) }),
      ],
      [{ ...ints('eight', [8]), dims: [] }],
      { functions: [twice] },
    )
    expect([...run(m, x).data]).toEqual([2, 4, 6, 8, 10, 12, 14, 16])
    expect([...run(m, f32([[1, 2, 3, 4]])).data]).toEqual([3, 6, 9, 12])
  })

  test('a dropout that is left on draws from the key', () => {
    const on: TensorProto = { name: 'on', dtype: 'bool', dims: [], data: Uint8Array.of(1) }
    const half: TensorProto = { name: 'r', dtype: 'f32', dims: [], data: Float32Array.of(0.5) }
    const m = model([node('Dropout', ['x', 'r', 'on'], ['y'])], [half, on])
    const key: NDArray = { dtype: 'i64', shape: [2], data: Key.fromSeed(3).toInt64() }
    for (const [i, v] of [...run(m, x, key).data].entries()) expect([0, 2 * (i + 1)]).toContain(Number(v))
    expect(() => run(m, x)).toThrow(/Dropout "y" \(opset 17\): draws random numbers: give apply\(\) a key/)
  })
})

describe('what is refused', () => {
  test.each([
    [
      'an unknown operator',
      () =>
        importOnnx(model([{ ...node('NonMaxSuppression', ['x'], ['y']), name: '/head/nms' }, node('Fancy', ['x'], ['z'], {}, 'com.acme')])),
      /not known here \(opset 17\): NonMaxSuppression \(NonMaxSuppression "\/head\/nms"\), com\.acme\.Fancy \(Fancy "z"\)\. Export it without them/,
    ],
    ['an operator of the prototype', () => importOnnx(model([node('toString', ['x'], ['y'])])), /not known here/],
    [
      'an opset of the past',
      () => importOnnx(model([], [], { opsets: [{ domain: '', version: 6 }] })),
      /of opset 6; 9 to 28 are known\. Export it again/,
    ],
    ['an opset of the future', () => importOnnx(model([], [], { opsets: [{ domain: '', version: 99 }] })), /of opset 99/],
    ['a model without one', () => importOnnx(model([node('Relu', ['x'], ['y'])], [], { opsets: [] })), /names no ONNX operator set/],
    [
      'a type that graphs do not hold',
      () => importOnnx({ ...model([]), graph: { ...model([]).graph, inputs: [valueInfo('x', 'string')] } }),
      /"x" is of strings: encode them/,
    ],
    [
      'another size',
      () => run(model([node('Relu', ['x'], ['y'])]), f32([[1, 2]])),
      /the input "x" is f32\[batch,4\], not f32\[1,2\], batch = 1/,
    ],
    ['a value that nothing makes', () => run(model([node('Relu', ['q'], ['y'])]), x), /"q", which Relu "y" takes, is no input/],
    [
      'a shape that depends on data',
      () => run(model([node('Cast', ['x'], ['s'], { to: attribute.int(7) }), node('Reshape', ['x', 's'], ['y'])]), x),
      /Reshape "y" \(opset 17\): its shape \(input 1\) depends on data/,
    ],
    [
      'shapes that do not fit',
      () => run(model([node('MatMul', ['x', 'x'], ['y'])]), x),
      /MatMul "y" \(opset 17\): matmul\(f32\[2,4\], f32\[2,4\]\): the inner sizes 4 and 2 differ/,
    ],
    [
      'a reshape to another batch',
      () => run(model([node('Reshape', ['x', 's'], ['y'])], [ints('s', [3, 4])]), x),
      /cannot fill \[3,4\] with the 8 elements of \[2,4\]; was the model exported for another batch/,
    ],
    [
      'an attribute of another kind',
      () => run(model([node('Softmax', ['x'], ['y'], { axis: attribute.float(1) })]), x),
      /attribute "axis" is of kind float, not int/,
    ],
    ['a cast to what graphs do not hold', () => run(model([node('Cast', ['x'], ['y'], { to: attribute.int(8) })]), x), /casts to string/],
  ])('%s', (_, act, message) => {
    let error: unknown
    try {
      act()
    } catch (e) {
      error = e
    }
    expect(error).toBeInstanceOf(OnnxError)
    expect((error as Error).message).toMatch(message)
  })

  test('a missing parameter or input, by name', () => {
    const m = importOnnx(model([node('Mul', ['x', 'w'], ['y'])], [{ name: 'w', dtype: 'f32', dims: [4], data: new Float32Array(4) }]))
    const apply = (params: object, inputs: object) =>
      trace(
        (w: Tensor, given: Tensor) =>
          m.apply('w' in params ? { w } : {}, Object.fromEntries(Object.keys(inputs).map(k => [k, given])))['y']!,
        [spec('f32', [4]), spec('f32', [1, 4])],
      )
    expect(() => apply({}, { x })).toThrow(/the parameter "w" is missing/)
    expect(() => apply({ w: 1 }, {})).toThrow(/the input "x" is missing; the model takes x/)
    expect(() => apply({ w: 1 }, { x, z: x })).toThrow(/no input "z"; its inputs are x/)
  })

  test('files cut short or changed give OnnxError, or a model', () => {
    const bytes = new Uint8Array(readFileSync(new URL('../../../test/fixtures/onnx/mlp.torch-2.15-dynamo.onnx', import.meta.url)))
    for (let n = 0; n < bytes.length - 1; n += 7) {
      try {
        importOnnx(bytes.subarray(0, n))
      } catch (e) {
        expect(e).toBeInstanceOf(OnnxError)
      }
    }
    for (let i = 0; i < bytes.length; i++) {
      const damaged = bytes.slice()
      damaged[i]! ^= 1 + (i % 255)
      try {
        importOnnx(damaged)
      } catch (e) {
        expect(e).toBeInstanceOf(OnnxError)
      }
    }
    expect(() => importOnnx(encodeModel(model([])).subarray(0, 9))).toThrow(OnnxError)
  })
})
