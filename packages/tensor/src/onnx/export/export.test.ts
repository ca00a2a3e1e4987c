import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { grad } from '../../autodiff/vjp.ts'
import { hostCall } from '../../control/host-call.ts'
import { scan } from '../../control/scan.ts'
import { f32, type NDArray, numbersOf, zerosOf } from '../../graph/array.ts'
import { spec } from '../../graph/dtype.ts'
import { Tensor } from '../../graph/tensor.ts'
import { trace } from '../../graph/trace.ts'
import type { Tree } from '../../graph/tree.ts'
import { interpret } from '../../interpret/interpret.ts'
import { randomness } from '../../ops/cases/random.test-kit.ts'
import { CASES, type Setup, valuesOf } from '../../ops/cases.test-kit.ts'
import * as op from '../../ops/index.ts'
import { randomNormal } from '../../random/ops.ts'
import { importOnnx } from '../import/index.ts'
import { decodeModel, encodeModel, OnnxError } from '../proto/index.ts'
import { exportOnnx, type SymbolicType } from './index.ts'
import { checks, fit, probes, sizeText } from './size.ts'

const batch: SymbolicType = { dtype: 'f32', shape: ['batch', 4] }
const list = (r: Tensor | readonly Tensor[]): readonly Tensor[] => (r instanceof Tensor ? [r] : r)

describe('out and in again', () => {
  /** The outputs of a function, and of its file's. */
  function both(f: (...xs: Tensor[]) => readonly Tensor[], { args }: Setup, inputs: readonly NDArray[]): [NDArray[], NDArray[]] {
    const types = args.map(a => spec(a.dtype, a.shape))
    const model = decodeModel(encodeModel(exportOnnx(f, types)))
    expect(model.graph.nodes.every(n => !n.domain)).toBe(true)
    const imported = importOnnx(model)
    const names = model.graph.inputs.map(v => v.name)
    const again = trace((...xs: Tensor[]) => Object.values(imported.apply({}, Object.fromEntries(names.map((n, i) => [n, xs[i]!])))), types)
    expect(Object.keys(imported.params).length).toBe(0)
    return [interpret(trace(f, types).graph, inputs), interpret(again.graph, inputs)]
  }
  const near = ([want, got]: [NDArray[], NDArray[]]): void => {
    expect(got.map(a => [a.dtype, a.shape])).toEqual(want.map(a => [a.dtype, a.shape]))
    want.forEach((w, i) => {
      const g = numbersOf(got[i]!)
      numbersOf(w).forEach((v, j) => {
        if (!(Object.is(v, g[j]) || v === g[j] || Math.abs(v - g[j]!) <= 1e-5 * (1 + Math.abs(v))))
          expect.fail(`output ${i}[${j}]: ${g[j]}, not ${v}`)
      })
    })
  }
  for (const c of CASES.filter(k => !randomness.includes(k))) {
    test(c.name, () => {
      fc.assert(
        fc.property(c.setups, fc.nat(1000), (setup, seed) => {
          const inputs = valuesOf(setup.args, seed)
          near(both((...xs) => list(setup.f(...xs)), setup, inputs))
          if (c.derivatives === 'none') return
          const loss = (xs: Tensor[]): Tensor =>
            list(setup.f(...xs))
              .filter(t => t.dtype === 'f32')
              .map(t => op.sum(op.mul(t, t)))
              .reduce((a, b) => op.add(a, b))
          near(both((...xs) => grad(loss)(xs) as unknown as Tensor[], setup, inputs))
        }),
        { numRuns: 3 },
      )
    })
  }
})

describe('sizes', () => {
  test('every sum of products of sizes is found, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 40 }), { minLength: 8, maxLength: 8 }), c => {
        const symbols = ['a', 'b', 'c']
        const at = [...probes(symbols, new Set([3, 8])), checks(symbols, new Set())[0]!]
        const value = (s: Readonly<Record<string, number>>) =>
          c.reduce((sum, k, bits) => sum + k * symbols.reduce((p, x, i) => (bits & (1 << i) ? p * s[x]! : p), 1), 0)
        const size = fit(at.map(value), symbols, at, true)!
        expect([...size.values()].sort()).toEqual(c.filter(k => k !== 0).sort())
        expect(
          fit(
            at.map(s => value(s) + (s['a'] === at.at(-1)!['a'] ? 1 : 0)),
            symbols,
            at,
            true,
          ),
        ).toBeUndefined()
      }),
    )
    const at = [...probes(['n'], new Set()), ...checks(['n'], new Set())]
    expect(
      fit(
        at.map(s => s['n']! ** 2),
        ['n'],
        at,
        true,
      ),
    ).toBeUndefined()
    expect(
      sizeText(
        fit(
          at.map(s => 2 * s['n']! + 1),
          ['n'],
          at,
          true,
        )!,
      ),
    ).toBe('2*n + 1')
    expect(
      sizeText(
        fit(
          at.map(() => 0),
          ['n'],
          at,
          true,
        )!,
      ),
    ).toBe(0)
  })

  test('probes avoid the sizes that the model has', () => {
    for (const s of probes(['a', 'b'], new Set([3, 5, 7]))) expect(Object.values(s).some(n => n <= 7)).toBe(false)
  })
})

describe('names', () => {
  test('places in the arguments, or what is asked for', () => {
    const w = { layer: { w: zerosOf('f32', [4, 2]) }, unused: zerosOf('f32', [9]) }
    const f = (p: Tree<Tensor>, x: Tensor) => ({ y: op.matmul(x, (p as { layer: { w: Tensor } }).layer.w) })
    const m = exportOnnx(f, [w, batch])
    expect([m.producer, m.opsets, m.graph.initializers!.map(t => t.name)]).toEqual([
      '@dioramic/tensor',
      [{ domain: '', version: 21 }],
      ['layer/w'],
    ])
    expect(m.graph.inputs).toEqual([{ name: 'input', type: { kind: 'tensor', dtype: 'f32', shape: ['batch', 4] } }])
    expect(m.graph.outputs).toEqual([{ name: 'y', type: { kind: 'tensor', dtype: 'f32', shape: ['batch', 2] } }])
    const named = exportOnnx(f, [w, batch], { inputs: ['image'], outputs: ['logits'] })
    expect([named.graph.inputs[0]!.name, named.graph.outputs[0]!.name]).toEqual(['image', 'logits'])
    expect(() => exportOnnx(f, [w, batch], { inputs: ['layer/w'] })).toThrow(/two of the inputs and weights are called "layer\/w"/)
    expect(() => exportOnnx(f, [w, batch], { outputs: ['a', 'b'] })).toThrow(/2 names for 1 outputs/)
  })
  test('a result that is an argument, a constant, or nothing new', () => {
    const m = exportOnnx((x: Tensor) => [x, op.constant(2), op.reshape(x, [-1])], [batch])
    expect(m.graph.outputs.map(o => o.type)).toEqual([
      { kind: 'tensor', dtype: 'f32', shape: ['batch', 4] },
      { kind: 'tensor', dtype: 'f32', shape: [] },
      { kind: 'tensor', dtype: 'f32', shape: ['4*batch'] },
    ])
  })
})

describe('what is refused, with operator and line', () => {
  const cases: [string, () => unknown, RegExp][] = [
    [
      'a constant of the batch’s length',
      () =>
        exportOnnx(
          (x: Tensor) =>
            op.mul(
              x,
              op.constant(
                f32(
                  Array.from({ length: x.shape[0]! }, (_, i) => i * i),
                  [x.shape[0]!, 1],
                ),
              ),
            ),
          [batch],
        ),
      /a constant \[3,1\] that mul \(.*export\.test\.ts:\d+:\d+\) takes depends on batch/,
    ],
    [
      'other work at another batch',
      () => exportOnnx((x: Tensor) => (x.shape[0]! > 4 ? op.exp(x) : op.sin(x)), [batch]),
      /what sin \(.*export\.test\.ts:\d+:\d+\) does depends on batch/,
    ],
    [
      'an attribute of the batch',
      () => exportOnnx((x: Tensor) => op.maxPool(op.reshape(x, [1, 1, -1]), [x.shape[0]! * 2 + 1], { stride: 1 }), [batch]),
      /what maxPool \(.*\) does depends on batch/,
    ],
    [
      'a loop over the batch',
      () =>
        exportOnnx((x: Tensor) => scan((c: Tensor, row: Tensor) => [op.add(c, row), op.tanh(c)], op.zeros([4]), x)[1] as Tensor, [batch]),
      /a scan runs 3 times, which depends on batch/,
    ],
    [
      'a batch that is fixed',
      () => exportOnnx((x: Tensor) => op.add(x, op.constant(zerosOf('f32', [3, 4]))), [batch]),
      /cannot be traced at batch = 5: add\(f32\[5,4\], f32\[3,4\]\)[\s\S]*Give that size as a number/,
    ],
    [
      'random numbers',
      () =>
        exportOnnx(
          (x: Tensor) => op.add(x, randomNormal(op.constant({ dtype: 'i64', shape: [2], data: new BigInt64Array(2) }), [4])),
          [batch],
        ),
      /randomNormal \(.*\) has no form in ONNX: random numbers would not be the same ones\. Export what evaluation computes/,
    ],
    [
      'work of the host',
      () =>
        exportOnnx(
          (x: Tensor) => op.add(op.cast(hostCall('look', [x], [spec('i64', [])], () => [zerosOf('i64', [])])[0]!, 'f32'), x),
          [batch],
        ),
      /hostCall \(.*\) runs on the host/,
    ],
    ['double precision', () => exportOnnx((x: Tensor) => x, [{ dtype: 'f64', shape: [1], data: new Float64Array(1) }]), /"0" is of f64/],
    ['a size of no name', () => exportOnnx((x: Tensor) => x, [{ dtype: 'f32', shape: ['2 n'] }]), /a size is called "2 n"/],
  ]
  test.each(cases)('%s', (_, act, message) => {
    let error: unknown
    try {
      act()
    } catch (e) {
      error = e
    }
    expect(error).toBeInstanceOf(OnnxError)
    expect((error as Error).message).toMatch(message)
  })
})
