// Every operator that PyTorch has too: equal values, gradients and Hessian–vector products in double precision.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hvp } from '../../src/autodiff/jvp.ts'
import { grad } from '../../src/autodiff/vjp.ts'
import { type NDArray, numbersOf } from '../../src/graph/array.ts'
import { spec } from '../../src/graph/dtype.ts'
import { Tensor } from '../../src/graph/tensor.ts'
import { trace } from '../../src/graph/trace.ts'
import { interpret } from '../../src/interpret/interpret.ts'
import { CASES, type Setup, valuesOf } from '../../src/ops/cases.test-kit.ts'
import { flatOf } from '../../src/ops/derivatives.test-kit.ts'
import { add, mul, sum } from '../../src/ops/index.ts'
import { interpreter } from './python.ts'

const python = interpreter('torch')
const SAMPLES = 8

interface Answer {
  readonly error?: string
  readonly values: number[][]
  readonly shapes: number[][]
  readonly grads: number[][]
  readonly second: number[][]
}
interface Asked {
  readonly setup: Setup
  readonly inputs: readonly NDArray[]
  readonly u: number[] | undefined
  readonly v: number[][]
}

const wave = (n: number, step: number): number[] => Array.from({ length: n }, (_, i) => Math.sin(1 + i * step))

function ask(setup: Setup, seed: number, differentiate: boolean): Asked {
  const inputs = valuesOf(setup.args, seed)
  const m = differentiate ? trace((...xs: Tensor[]) => flatOf(setup.f(...xs)), types(setup)).graph.outputs[0]!.size : 0
  return {
    setup,
    inputs,
    u: m > 0 ? wave(m, 1.7) : undefined,
    v: setup.args.flatMap((a, i) => (a.dtype === 'f32' ? [wave(inputs[i]!.data.length, 2.3 + i)] : [])),
  }
}

const types = (setup: Setup) => setup.args.map(a => spec(a.dtype, a.shape))
const doubles = (shape: readonly number[], data: number[]): NDArray => ({ dtype: 'f64', shape, data: Float64Array.from(data) })

function near(what: string, ours: readonly number[], theirs: readonly number[]): void {
  expect(ours.length, what).toBe(theirs.length)
  const scale = Math.sqrt(theirs.reduce((a, x) => a + x * x, 0))
  ours.forEach((x, i) => {
    const d = Math.abs(x - theirs[i]!)
    if (!(d <= 1e-6 * (1 + Math.abs(theirs[i]!) + 0.1 * scale))) expect.fail(`${what}[${i}]: ${x}, PyTorch has ${theirs[i]}`)
  })
}

function compare({ setup, inputs, u, v }: Asked, answer: Answer): void {
  expect(answer.error, setup.torch).toBeUndefined()
  const n = inputs.length
  const floats = setup.args.flatMap((a, i) => (a.dtype === 'f32' ? [i] : []))
  const list = (y: Tensor | readonly Tensor[]) => (y instanceof Tensor ? [y] : y)
  const out = interpret(trace((...xs: Tensor[]) => list(setup.f(...xs)), types(setup)).graph, inputs)
  out.forEach((y, i) => {
    expect(y.shape, setup.torch).toEqual(answer.shapes[i])
    near(`${setup.torch}: value`, [...numbersOf(y)], answer.values[i]!)
  })
  if (!u) return
  const { graph } = trace(
    (...a: Tensor[]) => {
      const x = a.slice(0, n)
      const loss = (p: Tensor[]) => {
        const y = flatOf(setup.f(...x.map((t, i) => (floats.includes(i) ? p[floats.indexOf(i)]! : t))))
        return add(sum(mul(a[n]!, y)), mul(sum(mul(y, y)), 0.5))
      }
      const at = floats.map(i => x[i]!)
      return [grad(loss)(at), hvp(loss, at, a.slice(n + 1))]
    },
    [...types(setup), spec('f32', [u.length]), ...floats.map(i => types(setup)[i]!)],
  )
  const got = interpret(graph, [...inputs, doubles([u.length], u), ...v.map((d, k) => doubles(setup.args[floats[k]!]!.shape, d))])
  for (const k of floats.keys()) {
    near(`${setup.torch}: gradient ${k}`, [...numbersOf(got[k]!)], answer.grads[k]!)
    near(`${setup.torch}: Hessian·v ${k}`, [...numbersOf(got[floats.length + k]!)], answer.second[k]!)
  }
}

describe.skipIf(!python)(python ? 'as in PyTorch' : 'as in PyTorch (skipped: no Python has torch; set DIORAMA_PYTHON)', () => {
  const asked = CASES.flatMap(c => {
    const setups = fc.sample(c.setups, { numRuns: SAMPLES, seed: 7 }).filter(s => s.torch !== undefined)
    return setups.map((s, i) => ({ name: c.name, ...ask(s, i, c.derivatives === 'both') }))
  })
  const answers = (() => {
    if (!python) return []
    const input = JSON.stringify(
      asked.map(a => ({
        torch: a.setup.torch,
        args: a.setup.args.map((arg, i) => ({ dtype: arg.dtype, shape: arg.shape, data: [...numbersOf(a.inputs[i]!)] })),
        ...(a.u && { u: a.u, v: a.v }),
      })),
    )
    const run = spawnSync(python, [fileURLToPath(new URL('./ops.py', import.meta.url))], { input, encoding: 'utf8', maxBuffer: 2 ** 28 })
    if (run.status !== 0) throw new Error(run.stderr)
    return (JSON.parse(run.stdout) as { answers: Answer[] }).answers
  })()
  for (const name of new Set(asked.map(a => a.name))) {
    test(name, () => {
      asked.forEach((a, i) => {
        if (a.name === name) compare(a, answers[i]!)
      })
    })
  }
})
