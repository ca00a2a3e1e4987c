import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numbersOf } from '../graph/array.ts'
import { spec } from '../graph/dtype.ts'
import { Tensor } from '../graph/tensor.ts'
import { trace } from '../graph/trace.ts'
import { interpret } from '../interpret/interpret.ts'
import * as random from '../random/ops.ts'
import { CASES, valuesOf } from './cases.test-kit.ts'
import { checkDerivatives } from './derivatives.test-kit.ts'
import * as ops from './index.ts'

const seeds = fc.integer({ min: 0, max: 2 ** 31 })

test('every operator that users call has a case', () => {
  const folder = new URL('./cases/', import.meta.url)
  const text = readdirSync(folder)
    .map(file => readFileSync(new URL(file, folder), 'utf8'))
    .join()
  const called = (name: string, from: string) => new RegExp(`\\b${from}\\.${name}\\b`).test(text)
  const functions = (chapter: object) => Object.entries(chapter).flatMap(([name, f]) => (typeof f === 'function' ? [name] : []))
  const missing = [...functions(ops).filter(n => !called(n, 'op')), ...functions(random).filter(n => !called(n, 'random'))]
  expect(missing).toEqual([])
})

describe('derivatives agree with central differences to second order, and forward with reverse mode', () => {
  for (const c of CASES.filter(k => k.derivatives === 'both')) {
    test(c.name, () => {
      fc.assert(
        fc.property(c.setups, seeds, (setup, seed) => checkDerivatives(setup, valuesOf(setup.args, seed), seed)),
        { numRuns: 60 },
      )
    })
  }
})

describe('single precision agrees with double', () => {
  for (const c of CASES) {
    test(c.name, () => {
      fc.assert(
        fc.property(c.setups, seeds, (setup, seed) => {
          const inputs = valuesOf(setup.args, seed)
          const { graph } = trace(
            (...xs: Tensor[]) => {
              const y = setup.f(...xs)
              return y instanceof Tensor ? [y] : y
            },
            setup.args.map(a => spec(a.dtype, a.shape)),
          )
          const double = interpret(graph, inputs)
          const single = interpret(graph, inputs, { precision: 'f32' })
          double.forEach((d, i) => {
            expect(single[i]!.shape).toEqual(graph.outputs[i]!.shape)
            expect(single[i]!.dtype).toBe(graph.outputs[i]!.dtype)
            const s = numbersOf(single[i]!)
            numbersOf(d).forEach((x, j) => {
              if (d.dtype === 'f64') expect(Math.abs(s[j]! - x)).toBeLessThanOrEqual(2e-5 * (1 + Math.abs(x)))
              else expect(s[j]).toBe(x)
            })
          })
        }),
        { numRuns: 20 },
      )
    })
  }
})
