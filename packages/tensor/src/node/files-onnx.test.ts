import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ModelProto, node, OnnxError, valueInfo } from '../onnx/proto/index.ts'
import { loadOnnx, saveOnnx } from './files-onnx.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dioramic-onnx-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const model: ModelProto = {
  irVersion: 10,
  opsets: [{ domain: '', version: 21 }],
  graph: {
    name: 'g',
    nodes: [node('MatMul', ['x', 'w'], ['h']), node('Add', ['h', 'b'], ['y'])],
    initializers: [
      { name: 'w', dtype: 'f32', dims: [1024, 300], data: Float32Array.from({ length: 1024 * 300 }, (_, i) => (i % 7) - 3) },
      { name: 'b', dtype: 'f32', dims: [300], data: new Float32Array(300).fill(0.5) },
    ],
    inputs: [valueInfo('x', 'f32', ['batch', 1024])],
    outputs: [valueInfo('y', 'f32', ['batch', 300])],
  },
}

test('models with and without a data file load here and in onnxruntime', async () => {
  const x = new Tensor('float32', new Float32Array(1024).fill(1), [1, 1024])
  const results: Float32Array[] = []
  for (const external of [false, true]) {
    const path = join(folder, external ? 'outside.onnx' : 'inside.onnx')
    await saveOnnx(path, model, { external })
    expect(
      loadOnnx(path).graph.initializers!.map(t =>
        Buffer.compare(
          Buffer.from((t.data as Float32Array).buffer),
          Buffer.from((model.graph.initializers!.find(o => o.name === t.name)!.data as Float32Array).buffer),
        ),
      ),
    ).toEqual([0, 0])
    const session = await InferenceSession.create(path, { logSeverityLevel: 3 })
    results.push((await session.run({ x }))['y']!.data as Float32Array)
  }
  expect(readdirSync(folder).sort()).toEqual(['inside.onnx', 'outside.onnx', 'outside.onnx.data'])
  expect(statSync(join(folder, 'outside.onnx')).size).toBeLessThan(1000)
  expect(results[1]).toEqual(results[0])
  expect(results[0]![0]).toBe(Array.from({ length: 1024 }, (_, i) => ((i * 300) % 7) - 3).reduce((a, b) => a + b, 0.5))
})

test('missing and short files are named', async () => {
  await saveOnnx(join(folder, 'short.onnx'), model, { external: true })
  truncateSync(join(folder, 'short.onnx.data'), 1000)
  expect(() => loadOnnx(join(folder, 'short.onnx'))).toThrow(/short\.onnx\.data is 1000 bytes long, but the model needs bytes 0 to 1228800/)
  rmSync(join(folder, 'short.onnx.data'))
  expect(() => loadOnnx(join(folder, 'short.onnx'))).toThrow(/Cannot read .*short\.onnx\.data: there is no such file/)
  writeFileSync(join(folder, 'junk.onnx'), 'junk')
  expect(() => loadOnnx(join(folder, 'junk.onnx'))).toThrow(OnnxError)
})
