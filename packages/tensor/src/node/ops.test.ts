// Every operator on onnxruntime against the interpreter, on random shapes: values, and the gradients' graphs.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { grad } from '../autodiff/vjp.ts'
import type { NDArray } from '../graph/array.ts'
import { spec } from '../graph/dtype.ts'
import { Tensor } from '../graph/tensor.ts'
import { type Graph, trace } from '../graph/trace.ts'
import { interpret } from '../interpret/interpret.ts'
import { CASES, type Setup, valuesOf } from '../ops/cases.test-kit.ts'
import { add, mul } from '../ops/elementwise.ts'
import { sum } from '../ops/reduce.ts'
import { nodeRuntime } from './runtime.ts'

const runtime = nodeRuntime({ threads: 2 })

/** Largest difference, against the largest value. */
function distance(a: NDArray, b: NDArray): number {
  expect([a.dtype === 'f64' ? 'f32' : a.dtype, a.shape]).toEqual([b.dtype, b.shape])
  let worst = 0
  let scale = 1e-2
  for (let i = 0; i < a.data.length; i++) {
    const [x, y] = [Number(a.data[i]), Number(b.data[i])]
    if (Object.is(x, y) || (Number.isNaN(x) && Number.isNaN(y)) || x === y) continue
    worst = Math.max(worst, Math.abs(x - y))
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.POSITIVE_INFINITY
  }
  for (const v of b.data) if (Number.isFinite(Number(v))) scale = Math.max(scale, Math.abs(Number(v)))
  return worst / scale
}

async function agrees(graph: Graph, inputs: readonly NDArray[]): Promise<void> {
  const executable = await runtime.compile(graph)
  try {
    const got = await executable.run(inputs)
    const want = interpret(graph, inputs, { precision: 'f64' })
    want.forEach((w, i) => {
      const d = distance(w, got[i]!)
      if (!(d <= 1e-4)) throw new Error(`output ${i}: ${d} apart: ${got[i]!.data} for ${w.data}`)
    })
  } finally {
    await executable.dispose()
  }
}

const types = (s: Setup) => s.args.map(a => spec(a.dtype, a.shape))
const list = (r: Tensor | readonly Tensor[]): readonly Tensor[] => (r instanceof Tensor ? [r] : r)

for (const c of CASES) {
  test(c.name, async () => {
    await fc.assert(
      fc.asyncProperty(c.setups, fc.nat(1000), async (setup, seed) => {
        const inputs = valuesOf(setup.args, seed)
        await agrees(trace((...xs: Tensor[]) => list(setup.f(...xs)), types(setup)).graph, inputs)
      }),
      { numRuns: 8 },
    )
  })
  if (c.derivatives === 'both')
    test(`gradient of ${c.name}`, async () => {
      await fc.assert(
        fc.asyncProperty(c.setups, fc.nat(1000), async (setup, seed) => {
          const inputs = valuesOf(setup.args, seed)
          const loss = (xs: Tensor[]): Tensor =>
            list(setup.f(...xs))
              .filter(t => t.dtype === 'f32')
              .map((t, i) => sum(mul(mul(t, t), 0.5 + i)))
              .reduce((a, b) => add(a, b))
          await agrees(trace((...xs: Tensor[]) => grad(loss)(xs), types(setup)).graph, inputs)
        }),
        { numRuns: 8 },
      )
    })
}
