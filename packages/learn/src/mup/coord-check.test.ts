import { crossEntropy, f32, fillNormal, i64, interpreter, Key, nn, optim, relu } from '@dioramic/tensor'
import { createArena } from '@dioramic/tensor/node'
import { describe, expect, it } from 'vitest'
import { type CoordRecord, coordCheck, coordPlot, coordSlopes, coordVerdict, mup } from './index.ts'

const numbers = new Float32Array(16 * 4)
fillNormal(numbers, Key.fromSeed(8).words)
const batch = { x: f32(numbers, [16, 4]), y: i64(Array.from({ length: 16 }, (_, i) => i % 3)) }
const net = (width: number, base: number) => {
  const n = nn.dim('n', width, { base })
  return nn.sequence({ one: nn.linear(4, n), bend: nn.fn(relu), two: nn.linear(n, n), bend2: nn.fn(relu), out: nn.linear(n, 3) })
}
const by = mup({ optimizer: 'adam', zeroReadout: true })
const check = (model: (width: number) => nn.Layer) =>
  coordCheck({
    model,
    rule: m => optim.chain(optim.adam({ lr: 0.015, epsilon: 1e-12 }), optim.scaleUpdates(nn.factorsOf(m))),
    loss: crossEntropy,
    batch,
    widths: [32, 64, 128],
    seeds: 3,
    key: Key.fromSeed(2),
    runtime: interpreter(),
    arena: createArena,
  })

describe('a small MLP', () => {
  it('under mup is flat; every module is there at every step', async () => {
    const records = await check(width => nn.parametrise(net(width, 32), by))
    const { flat, text } = coordVerdict(records, 0.15)
    expect(flat, text).toBe(true)
    expect(text).toMatch(/^flat over widths 32 to 128/)
    expect(Object.keys(records[0]!.sizes)).toEqual(['one', 'bend', 'two', 'bend2', 'out', 'output'])
    expect(records[0]!.sizes['out']![0]).toBe(0)
    expect(coordSlopes(records).some(s => s.module === 'out' && s.step === 0)).toBe(false)
    expect(coordPlot(records, 3)).toContain('<svg')
  })
  it('is not flat without it, nor with a rate or a multiplier that is wrong', async () => {
    const wrong = {
      standard: (width: number) => nn.parametrise(net(width, width), by),
      multiplier: (width: number) => nn.parametrise(net(width, 32), { ...by, multiplier: () => 1 }),
      rate: (width: number) => nn.parametrise(net(width, 32), { ...by, parameter: (p, path) => by.parameter!(p, path).with({ lr: 1 }) }),
    }
    for (const [name, model] of Object.entries(wrong)) {
      const { flat, text } = coordVerdict(await check(model), 0.15)
      expect(flat, `${name}: ${text}`).toBe(false)
      expect(text, name).toMatch(name === 'rate' ? /two grows as width/ : /out grows as width\^(0\.[6-9]|1)/)
    }
  })
})

it('slopes are exact on powers, and a module that is missing is named', () => {
  const at = (width: number, f: (w: number) => number): CoordRecord => ({ width, seed: 0, sizes: { a: [1, f(width)], b: [0, 2] } })
  const slopes = coordSlopes([16, 32, 128].map(w => at(w, x => 3 * x ** -0.5)))
  expect(slopes.find(s => s.module === 'a' && s.step === 1)!.slope).toBeCloseTo(-0.5, 12)
  expect(slopes.find(s => s.module === 'b' && s.step === 1)!.slope).toBeCloseTo(0, 12)
  expect(slopes.some(s => s.module === 'b' && s.step === 0)).toBe(false)
  const { b: _, ...rest } = at(32, x => x).sizes
  expect(() => coordSlopes([at(16, x => x), { width: 32, seed: 0, sizes: rest }])).toThrow(/width 32 has no module "b"/)
})
