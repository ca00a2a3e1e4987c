import { compile, f32, interpreter, item, type Tensor, type Tree } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { type GateKind, gate } from './gate.ts'

/** The new state of one channel from c and z, with all parameters at one value. */
async function gated(kind: GateKind, value: number, c: number, z: number): Promise<number> {
  const g = gate(kind, 2, 1)
  const params = Object.fromEntries(
    Object.entries(g.parameters).map(([n, p]) => [n, f32(new Float32Array(p.shape.reduce((a, b) => a * b, 1)).fill(value), p.shape)]),
  )
  const f = compile(
    (p: Tree<Tensor>, old: Tensor, made: Tensor, h: Tensor) => g.apply(p as Record<string, Tensor>, old, made, h),
    interpreter({ precision: 'f64' }),
  )
  return item(await f(params, f32([c]), f32([z]), f32([0.3, -0.3])))
}

test('fixed: half and half at 0, and σ(b) of the old state', async () => {
  expect(await gated('fixed', 0, 3, 1)).toBe(2)
  expect(await gated('fixed', 0.1, 1, 0)).toBeCloseTo(0.524979, 6)
})
test('LSTM: with zeros f is σ(1) and i is σ(−1)', async () => {
  expect(await gated('lstm', 0, 1, 0)).toBeCloseTo(0.731059, 6)
  expect(await gated('lstm', 0, 0, 1)).toBeCloseTo(0.268941, 6)
  expect(await gated('lstm', 0, 1, 1)).toBeCloseTo(1, 12)
})
test('GRU: with zeros g is σ(1)', async () => {
  expect(await gated('gru', 0, 1, 0)).toBeCloseTo(0.731059, 6)
  expect(await gated('gru', 0, 0, 1)).toBeCloseTo(1 - 0.731059, 6)
})
