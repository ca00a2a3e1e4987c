import {
  add,
  compile,
  constant,
  f32,
  flatten,
  interpreter,
  Key,
  mul,
  type NDArray,
  nn,
  numbersOf,
  spec,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import { describe, expect, it } from 'vitest'
import { mup } from '../mup/index.ts'
import { deepnorm, deepnormConstants, residualStream } from './index.ts'

const KEY = Key.fromSeed(5)
const runtime = interpreter({ precision: 'f64' })

describe('constants', () => {
  it('of one stack are the paper’s', () => {
    const table: [number, number, number][] = [
      [1, 1.189207, 0.594604],
      [2, Math.SQRT2, 0.5],
      [6, 1.86121, 0.379918],
      [12, 2.213364, 0.319472],
      [18, 2.44949, 0.288675],
      [24, 2.632148, 0.268642],
      [48, 3.130169, 0.225901],
      [100, 3.760603, 0.18803],
      [200, 4.472136, 0.158114],
      [500, 5.623413, 0.125743],
      [1000, 6.687403, 0.105737],
    ]
    for (const [layers, alpha, beta] of table) {
      const c = deepnormConstants({ layers })
      expect(Math.abs(c.alpha - alpha), `alpha of ${layers}`).toBeLessThan(1e-6)
      expect(Math.abs(c.beta - beta), `beta of ${layers}`).toBeLessThan(1e-6)
    }
  })
  it('of an encoder–decoder are the paper’s', () => {
    const table: [number, number, number, number, number, number][] = [
      [1, 1, 0.81, 0.87, 1.316074, 0.537285],
      [6, 6, 1.417938, 0.496989, 2.059767, 0.343295],
      [12, 6, 1.686222, 0.417916, 2.059767, 0.343295],
      [6, 2, 1.323845, 0.532313, 1.565085, 0.451801],
      [12, 12, 1.760878, 0.400198, 2.44949, 0.288675],
      [18, 18, 1.998746, 0.352571, 2.710806, 0.260847],
      [50, 50, 2.750509, 0.256207, 3.499636, 0.202052],
      [100, 100, 3.415742, 0.20631, 4.161791, 0.169904],
      [500, 500, 5.64824, 0.124765, 6.22333, 0.113622],
    ]
    for (const [encoder, decoder, ...want] of table) {
      const c = deepnormConstants({ encoder, decoder })
      const got = [c.encoder.alpha, c.encoder.beta, c.decoder.alpha, c.decoder.beta]
      got.forEach((v, i) => {
        expect(Math.abs(v - want[i]!), `${encoder}-${decoder}, number ${i}`).toBeLessThan(1e-6)
      })
    }
  })
  it('keep what an update does: 4N·β² = α², 6M·β² = α²', () => {
    for (let n = 1; n <= 2000; n += 37) {
      const one = deepnormConstants({ layers: n })
      expect(Math.abs((4 * n * one.beta ** 2) / one.alpha ** 2 - 1)).toBeLessThan(1e-12)
      const { decoder } = deepnormConstants({ encoder: 7, decoder: n })
      expect(Math.abs((6 * n * decoder.beta ** 2) / decoder.alpha ** 2 - 1)).toBeLessThan(1e-12)
    }
  })
  it('need depths: whole, from 1, and both of an encoder–decoder', () => {
    expect(() => deepnorm({ layers: 0 })).toThrow(/0 layers: it needs a whole number from 1/)
    expect(() => deepnorm({ layers: 2.5 })).toThrow(/2.5 layers/)
    expect(() => deepnorm({ encoder: 6 } as never)).toThrow(/two depths.*give { encoder, decoder }.*give { layers }/)
    expect(() => deepnorm({ encoder: 6, decoder: 0 })).toThrow(/0 layers of the decoder/)
    expect(() => nn.attention(8, { heads: 3 })).toThrow(/a width of 8 does not divide into 3 heads/)
  })
})

describe('first values', () => {
  const block = (d: number, hidden: number) =>
    nn.block({ d, attention: nn.attention(d, { heads: 2 }), cross: nn.crossAttention(d, { heads: 2 }), ffn: nn.ffn(d, { hidden }) })
  const deviations = (of: nn.Layer) => {
    const { list, paths } = flatten<nn.Parameter>(of.parameters)
    return new Map<string, number>(
      list.flatMap((p, i) => p.parts.map(part => [`${paths[i]}:${part.name}`, nn.deviationOf(p, part.init)] as const)),
    )
  }
  it('are Xavier’s of unfused fans, with gain beta but for queries and keys', () => {
    const at = deviations(deepnorm({ layers: 12 }).gains(block(64, 256)))
    for (const name of ['attention/branch/qkv:q', 'attention/branch/qkv:k', 'cross/branch/q:q', 'cross/branch/kv:k'])
      expect(at.get(name), name).toBeCloseTo(0.125, 9)
    for (const name of ['attention/branch/qkv:v', 'cross/branch/kv:v', 'attention/branch/out:', 'cross/branch/out:'])
      expect(at.get(name), name).toBeCloseTo(0.0399339, 7)
    for (const name of ['up', 'down']) expect(at.get(`ffn/branch/${name}/w:`)).toBeCloseTo(0.0252564, 7)
    const hundred = deviations(deepnorm({ layers: 100 }).gains(block(512, 2048)))
    expect(hundred.get('attention/branch/out:')).toBeCloseTo(0.00830984, 8)
    expect(hundred.get('ffn/branch/up/w:')).toBeCloseTo(0.0052556, 8)
    expect(at.get('ffn/norm/gain:')).toBe(1)
    expect(at.get('ffn/branch/up/b:')).toBe(0)
  })
  it('are drawn so, each third of a fused matrix apart', () => {
    const d = 64
    const { qkv, out } = deepnorm({ layers: 12 })
      .gains(nn.attention(d, { heads: 2 }))
      .init(KEY).params as unknown as Record<string, NDArray>
    const deviation = (a: NDArray, from: number, to: number) => {
      const width = a.shape[1]!
      const some = [...numbersOf(a)].filter((_, i) => i % width >= from && i % width < to)
      return Math.sqrt(some.reduce((s, v) => s + v * v, 0) / some.length)
    }
    for (const [got, want] of [
      [deviation(qkv!, 0, d), 0.125],
      [deviation(qkv!, d, 2 * d), 0.125],
      [deviation(qkv!, 2 * d, 3 * d), 0.0399339],
      [deviation(out!, 0, d), 0.0399339],
    ] as const)
      expect(Math.abs(got / want - 1)).toBeLessThan(0.03)
  })
  it('reach a block that a user wrote, whose projections are layers of their own', () => {
    const d = 8
    const mine = nn.sequence({ q_proj: nn.linear(d, d), v_proj: nn.linear(d, d), mix: nn.linear(d, d), keyboard: nn.linear(d, d) })
    const { residual, gains } = deepnorm({ layers: 2 })
    const own = gains(residual(mine, nn.layerNorm(d), nn.dropout(0)))
    const at = deviations(own)
    const xavier = Math.sqrt(1 / d)
    expect(at.get('branch/q_proj/w:')).toBeCloseTo(xavier, 12)
    for (const name of ['v_proj', 'mix', 'keyboard']) expect(at.get(`branch/${name}/w:`), name).toBeCloseTo(xavier / 2, 12)
  })
  it('are the base that muP widens: β·Xavier at the base width, corrections as of any hidden weight', () => {
    const { residual, gains } = deepnorm({ encoder: 6, decoder: 12 }).decoder
    const make = (size: number) => {
      const d = nn.dim('model', size, { base: 16 })
      const parts = { attention: nn.attention(d, { heads: 2 }), cross: nn.crossAttention(d, { heads: 2 }), ffn: nn.ffn(d) }
      return nn.repeat(2, gains(nn.block({ d, ...parts, residual })))
    }
    const wide = nn.parametrise(make(64), mup({ optimizer: 'adam' }))
    const [before, after] = [deviations(make(16)), deviations(wide)]
    const weights = [...before].filter(([name, v]) => v > 0 && !name.includes('norm'))
    expect(weights).toHaveLength(10)
    for (const [name, v] of weights) expect(after.get(name), name).toBeCloseTo(v / 2, 12)
    expect(before.get('ffn/branch/up/w:')).toBeCloseTo(144 ** -0.25 * Math.sqrt(2 / (16 + 64)), 12)
    for (const path of ['cross/branch/kv', 'attention/branch/qkv', 'ffn/branch/down/w']) expect(nn.factorsOf(wide)(path).lr).toBe(0.25)
    expect(nn.parametrise(make(16), mup({ optimizer: 'adam' })).init(KEY)).toEqual(make(16).init(KEY))
  })
})

describe('rates by depth', () => {
  it('fall as 1/N for gains and biases, as 1/√N for matrices under Adam, and leave what is around the blocks', () => {
    const rate = (layers: number, optimizer: 'sgd' | 'adam') => {
      const { residual, gains, rates } = deepnorm({ layers })
      const block = nn.block({ d: 8, attention: nn.attention(8, { heads: 2 }), ffn: nn.ffn(8), residual })
      return nn.factorsOf(nn.sequence({ blocks: nn.repeat(layers, rates(gains(block), optimizer)), readout: nn.linear(8, 4) }))
    }
    for (const [layers, optimizer, matrices] of [
      [16, 'adam', 1 / 4],
      [16, 'sgd', 1],
      [1, 'adam', 1],
    ] as const) {
      const at = rate(layers, optimizer)
      for (const path of ['blocks/attention/branch/qkv', 'blocks/ffn/branch/down/w']) expect(at(path).lr, path).toBe(matrices)
      for (const path of ['blocks/attention/norm/gain', 'blocks/ffn/norm/bias', 'blocks/ffn/branch/up/b'])
        expect(at(path).lr, path).toBe(1 / layers)
      expect(at('readout/w').lr).toBe(1)
    }
  })
})

describe('the residual rule', () => {
  const branch = nn.fn(x => add(mul(x, 0), constant(f32([0, 1, -1]))))
  const join = async (residual: nn.Residual) => {
    const own = residual(branch, nn.layerNorm(3, { epsilon: 0 }), nn.dropout(0))
    const { params, state } = own.init(KEY, spec('f32', [1, 3]))
    const run = compile<readonly Tree<NDArray>[]>((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => own.apply(p, s, x)[0], runtime)
    return [...numbersOf((await run(params, state, f32([[1, 2, 3]]))) as NDArray)]
  }
  const near = (v: number[]) => v.map(n => expect.closeTo(n, 6))
  it('multiplies the stream, not the branch, and norms the sum', async () => {
    const { alpha, residual } = deepnorm({ layers: 8 })
    expect(alpha).toBe(2)
    expect(await join(residual)).toEqual(near([-Math.SQRT2, Math.SQRT1_2, Math.SQRT1_2]))
  })
  it('has its rivals under their names', async () => {
    // x + f = (1, 3, 2); norm(x) = (−1.22, 0, 1.22), to which f is added.
    expect(await join(residualStream('post-ln', { layers: 8 }).residual)).toEqual(near([-1.224745, 1.224745, 0]))
    expect(await join(residualStream('pre-ln', { layers: 8 }).residual)).toEqual(near([1, 3, 2]))
    expect(flatten(residualStream('pre-ln', { layers: 8 }).end(4).parameters).paths).toEqual(['gain', 'bias'])
    expect(flatten(deepnorm({ layers: 8 }).end(4).parameters).paths).toEqual([])
    expect(residualStream('post-ln', { encoder: 2, decoder: 3 }).decoder.beta).toBe(1)
  })
})
