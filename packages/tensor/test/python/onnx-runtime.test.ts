// Python's onnxruntime gives what we computed, from files written here, at batches of 1, 7 and 64. Skipped, with the reason, where it is not installed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NDArray } from '../../src/graph/array.ts'
import { numbersOf } from '../../src/graph/array.ts'
import { flatten } from '../../src/graph/tree.ts'
import { compile } from '../../src/index.ts'
import { nodeRuntime, saveOnnx } from '../../src/node/index.ts'
import { exportOnnx } from '../../src/onnx/export/index.ts'
import { EXPORTED, valuesAt } from '../onnx-models.ts'
import { python } from './python.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dioramic-onnx-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const plain = (a: NDArray) => ({ dtype: a.dtype, shape: a.shape, data: [...numbersOf(a)] })

test('exported models run in onnxruntime', async context => {
  const run = python(context, 'numpy, onnxruntime')
  const runtime = nodeRuntime({ threads: 1 })
  for (const exported of EXPORTED) {
    // One of them with its weights in a file beside it.
    await saveOnnx(join(folder, `${exported.name}.onnx`), exportOnnx(exported.f, [...exported.weights, ...exported.inputs]), {
      external: exported.name === 'gpt',
    })
    const f = compile(exported.f, runtime)
    const runs = []
    for (const [batch, time] of [
      [1, 1],
      [7, 40],
      [64, 13],
    ] as const) {
      const inputs = valuesAt(exported, { batch, time })
      const outputs = flatten<NDArray>(await f(...exported.weights, ...inputs)).list
      runs.push({ inputs: inputs.map(plain), outputs: outputs.map(plain) })
    }
    await f.dispose()
    writeFileSync(join(folder, `${exported.name}.json`), JSON.stringify(runs))
  }
  const out = run(fileURLToPath(new URL('./onnx_run.py', import.meta.url)), folder)
  for (const { name } of EXPORTED) expect(out).toContain(`${name}: 3 runs`)
})
