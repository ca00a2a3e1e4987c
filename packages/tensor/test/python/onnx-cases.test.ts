// ONNX's own test cases of its operators: what is imported gives their outputs, everything else is refused by name. Skipped, with the reason, where Python has no onnx.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type NDArray, numbersOf } from '../../src/graph/array.ts'
import { type DType, spec } from '../../src/graph/dtype.ts'
import type { Tensor } from '../../src/graph/tensor.ts'
import { trace } from '../../src/graph/trace.ts'
import { mapTree } from '../../src/graph/tree.ts'
import { interpret } from '../../src/interpret/interpret.ts'
import { importOnnx, type OnnxModel } from '../../src/onnx/import/index.ts'
import { arrayFrom } from '../../src/onnx/import/value.ts'
import { OnnxError } from '../../src/onnx/proto/index.ts'
import { readTensor } from '../../src/onnx/proto/read-tensor.ts'
import { WireReader } from '../../src/onnx/proto/wire-reader.ts'
import { constant } from '../../src/ops/constant.ts'
import { python } from './python.ts'

const arraysOf = (folder: string, kind: string): NDArray[] => {
  const paths = Array.from({ length: 64 }, (_, i) => join(folder, `${kind}_${i}.pb`))
  return paths.filter(p => existsSync(p)).map(p => arrayFrom(readTensor(new WireReader(readFileSync(p)), undefined)))
}

/** The outputs for inputs that are given when the graph runs; where shapes hang on them, for constants. */
function run(model: OnnxModel, inputs: readonly NDArray[]): NDArray[] {
  const outputs = (known: boolean) =>
    trace(
      (...xs: Tensor[]) => {
        const args = model.inputs.map(({ name }, i) => [name, known ? constant(inputs[i]!) : xs[i]!])
        return Object.values(
          model.apply(mapTree<object, NDArray, Tensor>(model.params, a => constant(a)) as never, Object.fromEntries(args)),
        )
      },
      inputs.map(a => spec(a.dtype as DType, a.shape)),
    ).graph
  try {
    return interpret(outputs(false), inputs)
  } catch (e) {
    if (!/depends? on data/.test((e as Error).message)) throw e
    return interpret(outputs(true), inputs)
  }
}

function compare(name: string, got: readonly NDArray[], want: readonly NDArray[]): void {
  want.forEach((w, i) => {
    expect(got[i]!.shape, name).toEqual(w.shape)
    const g = numbersOf(got[i]!)
    numbersOf(w).forEach((v, j) => {
      if (!(Object.is(g[j], v) || g[j] === v || Math.abs(g[j]! - v) <= 1e-4 * (1 + Math.abs(v))))
        expect.fail(`${name}, output ${i}[${j}]: ${g[j]}, not ${v}`)
    })
  })
}

test("ONNX's cases", context => {
  const write = python(context, 'numpy, onnx')
  const folder = mkdtempSync(join(tmpdir(), 'dioramic-onnx-'))
  try {
    write(fileURLToPath(new URL('./onnx_cases.py', import.meta.url)), folder)
    let equal = 0
    for (const name of readdirSync(folder)) {
      try {
        const model = importOnnx(readFileSync(join(folder, name, 'model.onnx')))
        const got = run(model, arraysOf(join(folder, name), 'input'))
        compare(name, got, arraysOf(join(folder, name), 'output'))
        equal++
      } catch (e) {
        if (!(e instanceof OnnxError)) throw Object.assign(e as Error, { message: `${name}: ${(e as Error).message}` })
      }
    }
    expect(equal).toBeGreaterThan(1000)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
