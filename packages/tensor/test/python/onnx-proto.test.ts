// Python's `onnx` reads the models we write, and we read those it writes. Skipped, with the reason, where it is not installed.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  attribute,
  decodeModel,
  encodeModel,
  encodeModelExternal,
  type ModelProto,
  node,
  type TensorProto,
  valueInfo,
} from '../../src/onnx/proto/index.ts'
import { python } from './python.ts'

const here = dirname(fileURLToPath(import.meta.url))
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dioramic-onnx-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const initializers: TensorProto[] = [
  { name: 'w', dtype: 'f32', dims: [2, 3], data: Float32Array.of(0.5, -1, 2, 3, 4, 5) },
  { name: 'd', dtype: 'f64', dims: [1], data: Float64Array.of(0.1) },
  { name: 'h', dtype: 'f16', dims: [2], data: Uint16Array.of(0x3c00, 0xc000) },
  { name: 'b', dtype: 'bf16', dims: [1], data: Uint16Array.of(0x3fc0) },
  { name: 'i', dtype: 'i64', dims: [2], data: BigInt64Array.of(-1n, 2n ** 60n) },
  { name: 'j', dtype: 'i32', dims: [1], data: Int32Array.of(-9) },
  { name: 'u', dtype: 'u8', dims: [2], data: Uint8Array.of(0, 255) },
  { name: 'c', dtype: 'i8', dims: [2], data: Int8Array.of(-128, 127) },
  { name: 't', dtype: 'bool', dims: [2], data: Uint8Array.of(1, 0) },
  { name: 's', dtype: 'string', dims: [1], data: ['grün'] },
]
const model: ModelProto = {
  irVersion: 10,
  opsets: [{ domain: '', version: 21 }],
  producer: 'dioramic',
  metadata: new Map([['key', 'value']]),
  graph: {
    name: 'g',
    nodes: [
      node('MatMul', ['x', 'w'], ['m']),
      node('If', ['on'], ['y'], {
        then_branch: attribute.graph({
          name: 'then',
          nodes: [node('Identity', ['m'], ['p'])],
          inputs: [],
          outputs: [valueInfo('p', 'f32', ['batch', 3])],
        }),
        else_branch: attribute.graph({
          name: 'else',
          nodes: [node('Softmax', ['m'], ['q'], { axis: attribute.int(-1) })],
          inputs: [],
          outputs: [valueInfo('q', 'f32', ['batch', 3])],
        }),
      }),
      node('Transpose', ['y'], ['z'], { perm: attribute.ints([1, 0]) }),
    ],
    initializers,
    inputs: [valueInfo('x', 'f32', ['batch', 2]), valueInfo('on', 'bool', [])],
    outputs: [valueInfo('z', 'f32', [3, 'batch'])],
  },
}

test('onnx checks and reads ours, inside and external', context => {
  const run = python(context, 'numpy, onnx')
  writeFileSync(join(folder, 'inside.onnx'), encodeModel(model))
  const external = encodeModelExternal(model, { location: 'weights.bin', minBytes: 1 })
  writeFileSync(join(folder, 'external.onnx'), external.bytes)
  writeFileSync(join(folder, 'weights.bin'), Buffer.concat([...external.chunks()]))
  run(join(here, 'onnx_read.py'), folder)
})

test('we read what onnx writes', context => {
  const run = python(context, 'numpy, onnx')
  run(join(here, 'onnx_write.py'), folder)
  for (const name of ['raw.onnx', 'typed.onnx', 'outside.onnx']) {
    const m = decodeModel(readFileSync(join(folder, name)), {
      external: (location, offset, length) => readFileSync(join(folder, location)).subarray(offset, offset + length),
    })
    expect(m.opsets).toEqual([{ domain: '', version: 21 }])
    const data = Object.fromEntries(m.graph.initializers!.map(t => [t.name, t]))
    for (const [key, dtype, dims, values] of [
      ['float32', 'f32', [2, 2], Float32Array.of(0, 1.5, -2, 1e30)],
      ['float64', 'f64', [2], Float64Array.of(0.1, -1e300)],
      ['float16', 'f16', [2], Uint16Array.of(0x3c00, 0xc100)],
      ['int64', 'i64', [2], BigInt64Array.of(-(2n ** 62n), 7n)],
      ['int32', 'i32', [2], Int32Array.of(-1, 2 ** 31 - 1)],
      ['int8', 'i8', [2], Int8Array.of(-128, 5)],
      ['uint8', 'u8', [2], Uint8Array.of(0, 255)],
      ['bool', 'bool', [2], Uint8Array.of(1, 0)],
    ] as const) {
      expect(data[key], `${name} ${key}`).toMatchObject({ dtype, dims: [...dims] })
      expect(data[key]!.data, `${name} ${key}`).toEqual(values)
    }
    expect(m.graph.inputs[0]).toMatchObject({ name: 'x', type: { kind: 'tensor', dtype: 'f32', shape: ['batch', 2, undefined] } })
    const loop = m.graph.nodes.find(n => n.op === 'Loop')!
    const body = loop.attributes!.find(a => a.name === 'body')!
    if (body.kind !== 'graph') expect.unreachable()
    else expect(body.value.nodes.map(n => n.op)).toEqual(['Identity', 'Add'])
    const gelu = m.graph.nodes.find(n => n.op === 'Gelu')!
    expect(gelu.attributes).toMatchObject([{ name: 'approximate', kind: 'string', value: 'tanh' }])
  }
})
