import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { encodeNpz } from '@dioramic/codec'
import { add, exportOnnx, Key, type NDArray, nn, relu, softmax, spec, type Tensor, type Tree } from '@dioramic/tensor'
import { loadOnnx, nodeRuntime, saveOnnx, saveStateFile } from '@dioramic/tensor/node'
import { afterAll, expect, test } from 'vitest'
import { normals } from '../theory/algebra/random.ts'
import { type Differentiable, differentiable, withLogits } from '../theory/models/classifier.ts'
import { parameterCount } from '../theory/models/vector.ts'
import { loadClassifier, loadParameters } from './models.ts'
import { loadRows } from './rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'diorama-models-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)

const runtime = nodeRuntime()
const layer = nn.sequence(nn.linear(6, 5), nn.fn(relu), nn.linear(5, 3))
const { params, state } = layer.init(Key.fromSeed(1))
const f = (p: Tree<Tensor>, x: Tensor) => layer.apply(p, state as Tree<never>, x)[0]
const inputs = Array.from({ length: 5 }, (_, i) => normals(Key.fromSeed(2).fork(i), 6))
const options = { numbers: 6, runtime }

test('one model with a free batch, with a fixed one and through onnxruntime alone gives the same outputs', async () => {
  await saveOnnx(at('free.onnx'), exportOnnx(f, [params, { dtype: 'f32', shape: ['batch', 6] }]))
  await saveOnnx(at('one.onnx'), exportOnnx(f, [params, { dtype: 'f32', shape: [1, 6] }]))
  await saveStateFile(at('run.safetensors'), {
    arrays: { params: params as NDArray, state: {} },
    record: {},
    origin: { library: '0', onnxruntime: '1', threads: 1 },
  })
  writeFileSync(at('layer.ts'), 'export default 0\n')
  // An operator that the importer does not know, and that changes nothing that is positive: the model can only be run.
  const proto = loadOnnx(at('free.onnx'))
  const { graph } = proto
  const last = graph.outputs[0]!
  const strange = { op: 'Shrink', input: [last.name], output: ['out'], domain: '', attributes: [] }
  await saveOnnx(at('strange.onnx'), {
    ...proto,
    graph: { ...graph, nodes: [...graph.nodes, strange], outputs: [{ ...last, name: 'out' }] },
  })

  const free = await loadClassifier(at('free.onnx'), options)
  const expected = await free.model.logits(inputs)
  expect(free.model.classes).toBe(3)
  const one = await loadClassifier(at('one.onnx'), options)
  expect(one.reason).toBeUndefined()
  expect(one.model.graph).toBeDefined()
  const again = await one.model.logits(inputs)
  again.forEach((r, i) => {
    r.forEach((v, k) => {
      expect(v).toBeCloseTo(expected[i]![k]!, 5)
    })
  })
  const black = await loadClassifier(at('strange.onnx'), options)
  expect(black.model.graph).toBeUndefined()
  expect(black.reason).toContain('Shrink')
  const rows = await black.model.logits(inputs)
  expect(rows.length).toBe(5)
  // Shrink with its defaults (λ = ½, no bias) keeps what is beyond ½.
  rows.forEach((r, i) => {
    r.forEach((v, k) => {
      expect(v).toBeCloseTo(Math.abs(expected[i]![k]!) > 0.5 ? expected[i]![k]! : 0, 5)
    })
  })
})

test('of several outputs the row of numbers is taken, and only what it needs is read; a model of two inputs is refused', async () => {
  const proto = loadOnnx(at('free.onnx'))
  const { graph } = proto
  const cut = { op: 'ArgMax', input: [graph.outputs[0]!.name], output: ['label'], domain: '', attributes: [] }
  // As scikit-learn has it: a label before the probabilities.
  const outputs = [{ name: 'label', type: { kind: 'tensor' as const, dtype: 'i64' as const, shape: [1, 3] } }, ...graph.outputs]
  await saveOnnx(at('labelled.onnx'), { ...proto, graph: { ...graph, nodes: [...graph.nodes, cut], outputs } } as never)
  const { model, reason } = await loadClassifier(at('labelled.onnx'), options)
  expect(reason).toBeUndefined()
  expect(model.classes).toBe(3)
  await saveOnnx(
    at('two.onnx'),
    exportOnnx((x: Tensor, y: Tensor) => add(x, y), [spec('f32', [2, 6]), spec('f32', [2, 6])]),
  )
  await expect(loadClassifier(at('two.onnx'), options)).rejects.toThrow('has 2 inputs')
})

test('probabilities: the logits are those under the softmax, of a model that can only be run their logarithms', async () => {
  const g: Differentiable = { params, apply: (p, x) => softmax(f(p, x)) }
  const model = differentiable(g, [6], 3, runtime)
  const wanted = await differentiable({ params, apply: f }, [6], 3, runtime).logits(inputs)
  const found = await (await withLogits(model, inputs, runtime)).logits(inputs)
  const { graph: _, ...black } = model
  const logs = await (await withLogits(black, inputs, runtime)).logits(inputs)
  for (const [i, r] of wanted.entries())
    for (const [k, v] of r.entries()) {
      expect(found[i]![k]).toBeCloseTo(v, 5)
      expect(logs[i]![k]! - logs[i]![0]!).toBeCloseTo(v - r[0]!, 3)
    }
  const plain = differentiable({ params, apply: f }, [6], 3, runtime)
  expect(await withLogits(plain, inputs, runtime)).toBe(plain)
})

test('parameters of the same network at another time; another network is refused', async () => {
  const { model } = await loadClassifier(at('free.onnx'), options)
  const same = await loadParameters(at('one.onnx'), model, options)
  expect(parameterCount(same)).toBe(parameterCount(params))
  const wide = nn.sequence(nn.linear(6, 4), nn.fn(relu), nn.linear(4, 3))
  const first = wide.init(Key.fromSeed(1))
  const wideApply = (p: Tree<Tensor>, x: Tensor) => wide.apply(p, first.state as Tree<never>, x)[0]
  await saveOnnx(at('wide.onnx'), exportOnnx(wideApply, [first.params, { dtype: 'f32', shape: ['batch', 6] }]))
  await expect(loadParameters(at('wide.onnx'), model, options)).rejects.toThrow('is not the same network')
})

test('models that cannot be loaded say why', async () => {
  writeFileSync(at('junk.onnx'), 'junk')
  writeFileSync(at('seven.ts'), 'export default 7\n')
  await expect(loadClassifier(at('gone.onnx'), options)).rejects.toThrow('there is no file')
  await expect(loadClassifier(at('junk.onnx'), options)).rejects.toThrow('not a model that onnxruntime can run')
  await expect(loadClassifier(at('free.onnx'), { ...options, numbers: 7 })).rejects.toThrow(
    'takes samples of 6 = 6 numbers, the data have 7',
  )
  await expect(loadClassifier(at('run.safetensors'), options)).rejects.toThrow('--layer FILE.ts')
  await expect(loadClassifier(at('run.safetensors'), { ...options, layer: at('seven.ts') })).rejects.toThrow('does not export a layer')
  await expect(loadClassifier(at('layer.ts'), options)).rejects.toThrow('models are .onnx files')
})

test('rows of CSV with and without a header, gzipped, and npz', () => {
  writeFileSync(at('plain.csv'), '1,2,0\n3,4,1\n')
  writeFileSync(at('head.csv'), 'label,a,b\n0,1,2\n1,3,4\n')
  writeFileSync(at('head.csv.gz'), gzipSync('label,a,b\n0,1,2\n1,3,4\n'))
  writeFileSync(
    at('set.npz'),
    encodeNpz({ x: { shape: [2, 1, 2], data: Float32Array.of(1, 2, 3, 4) }, y: { shape: [2], data: Uint8Array.of(0, 1) } }),
  )
  for (const name of ['plain.csv', 'head.csv', 'head.csv.gz', 'set.npz']) {
    const rows = loadRows(at(name), { scale: 2 })
    expect(rows.x.map(r => [...r])).toEqual([[0.5, 1], [1.5, 2]]) // biome-ignore format: rows
    expect([...rows.y]).toEqual([0, 1])
    expect(rows.classes).toBe(2)
  }
  expect(loadRows(at('set.npz')).shape).toEqual([1, 2])
  expect([...loadRows(at('plain.csv'), { target: '0' }).y]).toEqual([1, 3])
  writeFileSync(at('word.csv'), 'a,b,label\n1,2,0\n3,x,1\n')
  expect(() => loadRows(at('word.csv'))).toThrow('row 2, column "b": "x" is not a number')
  expect(() => loadRows(at('head.csv'), { target: 'kind' })).toThrow('no column "kind"; it has label, a, b')
  writeFileSync(at('half.csv'), '1,0.5\n')
  expect(() => loadRows(at('half.csv'))).toThrow('the label is 0.5')
  expect(() => loadRows(at('layer.ts'))).toThrow('data are read from .csv')
  expect(() => loadRows(at('none.csv'))).toThrow('there is no file')
})
