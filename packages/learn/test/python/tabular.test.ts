/** A fitted model's file in Python: checked by onnx, and run by its onnxruntime on raw columns. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Key } from '@dioramic/tensor'
import { createArena, nodeRuntime, saveOnnx } from '@dioramic/tensor/node'
import { afterAll, expect, test } from 'vitest'
import { predictTable } from '../../src/node/index.ts'
import { defaultSettings, fitTable, onnxOf, rawTable } from '../../src/tabular/index.ts'

const python = process.env['DIORAMA_PYTHON'] ?? 'python3'
const there = spawnSync(python, ['-c', 'import onnx, onnxruntime, numpy']).status === 0
const folder = mkdtempSync(join(tmpdir(), 'diorama-tabular-python-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SCRIPT = `
import sys, json, numpy as np, onnx, onnxruntime as ort
d = json.load(sys.stdin)
onnx.checker.check_model(onnx.load(d['model']), full_check=True)
s = ort.InferenceSession(d['model'])
feeds = {i.name: (np.array([[np.nan if v == '' else float(v)] for v in d['rows'][i.name]], np.float32) if i.type == 'tensor(float)'
         else np.array([[v] for v in d['rows'][i.name]], dtype=object)) for i in s.get_inputs()}
out = dict(zip([o.name for o in s.get_outputs()], s.run(None, feeds)))
json.dump({k: v.tolist() for k, v in out.items()}, sys.stdout)
`

test.skipIf(!there)(
  `raw columns in, classes out, in Python's onnxruntime${there ? '' : ` (skipped: ${python} has not onnx and onnxruntime; set DIORAMA_PYTHON)`}`,
  async () => {
    const n = 400
    const rows = Array.from({ length: n }, (_, i) => {
      const [a, b] = [Math.sin(i * 12.9898) * 3, ['x', 'y', 'z'][Math.floor(i / 3) % 3]!]
      return [i % 11 === 0 ? '' : a.toFixed(3), b, a > (b === 'x' ? 1 : -1) ? 'yes' : 'no'] as const
    })
    const table = rawTable(
      'drawn',
      ['a', 'b', 'answer'],
      [0, 1, 2].map(c => rows.map(r => r[c]!)),
    )
    const fit = await fitTable(
      table,
      {
        target: 'answer',
        settings: count => {
          const s = defaultSettings(count)
          return { ...s, training: { ...s.training, epochs: 2 } }
        },
      },
      { runtime: nodeRuntime(), arena: createArena, key: Key.fromSeed(4) },
    )
    const model = join(folder, 'model.onnx')
    await saveOnnx(model, onnxOf(fit.model))
    const input = { model, rows: { a: [...rows.map(r => r[0]), '2'], b: [...rows.map(r => r[1]), 'never seen'] } }
    const run = spawnSync(python, ['-c', SCRIPT], { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 2 ** 26 })
    expect(run.status, run.stderr).toBe(0)
    const { label, probabilities } = JSON.parse(run.stdout) as { label: string[]; probabilities: number[][] }
    const own = await predictTable(model, rawTable('drawn', ['a', 'b'], [input.rows.a, input.rows.b]))
    expect(label).toEqual(own.values)
    for (const [i, p] of probabilities.flat().entries()) expect(p).toBeCloseTo(own.probabilities![i]!, 5)
  },
  60_000,
)
