// `diorama diagnose` as a person runs it: an ONNX model, a checkpoint with its layer, one that can only be run, and what is wrong said.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { drawnDigits } from '@dioramic/learn/theory'
import { exportOnnx, Key, type NDArray, nn, relu, type Tensor, type Tree } from '@dioramic/tensor'
import { loadOnnx, saveOnnx, saveStateFile } from '@dioramic/tensor/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { diorama, events, scratch } from './diorama.ts'

const s = scratch()
afterAll(s.clean)

beforeAll(async () => {
  const digits = drawnDigits(60, Key.fromSeed(1), { size: 4 })
  writeFileSync(s.at('data.csv'), digits.x.map((r, i) => `${[...r].join(',')},${digits.y[i]}\n`).join(''))
  const layer = nn.sequence(nn.linear(16, 8), nn.fn(relu), nn.linear(8, 10))
  const { params, state } = layer.init(Key.fromSeed(1))
  const f = (p: Tree<Tensor>, x: Tensor) => layer.apply(p, state as Tree<never>, x)[0]
  await saveOnnx(s.at('net.onnx'), exportOnnx(f, [params, { dtype: 'f32', shape: ['batch', 16] }]))
  const proto = loadOnnx(s.at('net.onnx'))
  const last = proto.graph.outputs[0]!
  const strange = { op: 'Shrink', input: [last.name], output: ['out'], domain: '', attributes: [] }
  await saveOnnx(s.at('strange.onnx'), {
    ...proto,
    graph: { ...proto.graph, nodes: [...proto.graph.nodes, strange], outputs: [{ ...last, name: 'out' }] },
  })
  await saveStateFile(s.at('run.safetensors'), {
    arrays: { params: params as NDArray, state: {} },
    record: {},
    origin: { library: '0', onnxruntime: '1', threads: 1 },
  })
  writeFileSync(
    s.at('layer.ts'),
    "import { nn, relu } from '@dioramic/tensor'\nexport default nn.sequence(nn.linear(16, 8), nn.fn(relu), nn.linear(8, 10))\n",
  )
})

const run = (...args: readonly string[]) => diorama(['diagnose', ...args], { cwd: s.folder })

test('a model, its checkpoint and one that can only be run: a report each', async () => {
  const errors: unknown[] = []
  for (const args of [['net.onnx'], ['run.safetensors', '--layer', 'layer.ts']]) {
    const { code, out, err } = await run(...args, '--data', 'data.csv', '--train', 'data.csv', '--picture', '4x4', '--out', 'report')
    expect(err).toBe('')
    expect(code).toBe(0)
    const said = events(out)
    expect(said.some(e => e.event === 'progress')).toBe(true)
    errors.push(said.at(-1)!['error'])
    const report = JSON.parse(readFileSync(s.at('report', 'report.json'), 'utf8'))
    expect(report.differentiable).toBe(true)
    expect(report.chapters.map((c: { name: string }) => c.name)).toEqual(['expressivity', 'learning', 'generalisation', 'explanation'])
    expect(readFileSync(s.at('report', 'report.html'), 'utf8')).toContain('LRP')
  }
  expect(errors[0]).toBe(errors[1])
  const black = await run('strange.onnx', '--data', 'data.csv', '--out', 'black')
  expect(black.code).toBe(0)
  expect(JSON.parse(readFileSync(s.at('black', 'report.json'), 'utf8')).reason).toContain('Shrink')
})

test('what is wrong is said, and nothing is left', async () => {
  for (const [args, message] of [
    [['net.onnx'], /required option '--data <file>' not specified/],
    [['gone.onnx', '--data', 'data.csv'], /there is no file gone\.onnx/],
    [['net.onnx', '--data', 'data.csv', '--shape', '4x5'], /samples of 4 × 5 = 20 numbers, the data have 16/],
    [['run.safetensors', '--data', 'data.csv'], /holds parameters only.*--layer/],
  ] as const) {
    const { code, err } = await run(...args, '--out', 'never')
    expect(err).toMatch(message)
    expect(code).toBe(2)
    expect(existsSync(s.at('never'))).toBe(false)
  }
})
