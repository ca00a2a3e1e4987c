import { flatten, Key, type NDArray, nn, optim } from '@dioramic/tensor'
import { describe, expect, it } from 'vitest'
import { mup, type TableName } from './index.ts'
import { firstValues, INPUTS, lstm, mlp, resnet, trajectory, transformer } from './models.test-kit.ts'

const TABLES: readonly TableName[] = [3, 8, 9]
/** Elements without a gradient need an epsilon; this one is nothing beside any other gradient. */
const METHODS: Readonly<Record<'sgd' | 'adam' | 'adamw', optim.Method>> = {
  sgd: optim.sgd({ lr: 0.05, momentum: 0.5, weightDecay: 0.1 }),
  adam: optim.adam({ lr: 0.02, epsilon: 1e-30 }),
  adamw: optim.adamw({ lr: 0.02, epsilon: 1e-30, weightDecay: 0.1 }),
}
const largest = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((v, i) => Math.abs(v - b[i]!)))

// Four times the base: multipliers and their roots are exact in the f32 in which graphs keep constants.
describe('the three tables train the same function (f64)', () => {
  for (const [name, { make, x, y }] of Object.entries(INPUTS))
    for (const optimizer of ['sgd', 'adam', 'adamw'] as const)
      it(`${name}, ${optimizer}`, () => {
        const [a, b, c] = TABLES.map(table =>
          trajectory(nn.parametrise(make(16, 4), mup({ table, optimizer })), { x, y }, METHODS[optimizer]),
        )
        expect(largest(a!, b!)).toBeLessThan(1e-9)
        expect(largest(a!, c!)).toBeLessThan(1e-9)
        // And another function than without it, whose steps are not nothing.
        const plain = trajectory(make(16), { x, y }, METHODS[optimizer])
        expect(largest(a!, plain)).toBeGreaterThan(1e-3)
        const n = a!.length / 5
        expect(largest(a!.slice(0, n), a!.slice(4 * n))).toBeGreaterThan(1e-2)
      })
})

describe('lemma J.1: a tensor used as A·W, with deviation B and rate C', () => {
  const { x, y } = INPUTS['mlp']!
  for (const [optimizer, power] of [
    ['sgd', 2],
    ['adam', 1],
  ] as const)
    it(`A·t, B / t, C / t^${power} is the same function (${optimizer})`, () => {
      const seed = 20
      const t = Array.from(nn.draw(nn.free([3], nn.uniform(1)), Key.fromSeed(seed)).data as Float32Array, u => Math.fround(10 ** u))
      let use = 0
      const model = nn.parametrise(mlp(9), {
        // Uses come as weight, bias, weight, bias, …: only the weights' are changed.
        multiplier: u => (u.dims[0] === 1 ? 1 : t[use++ % 3]!),
        parameter: (p, path) => {
          const k = ['one/w', 'two/w', 'out/w'].indexOf(path)
          return k < 0 ? p : p.withInit(i => nn.scaled(i, 1 / t[k]!)).with({ lr: 1 / t[k]! ** power })
        },
      })
      const method = optimizer === 'sgd' ? optim.sgd({ lr: 0.05 }) : METHODS.adam
      expect(largest(trajectory(model, { x, y }, method), trajectory(mlp(9), { x, y }, method)), `seed ${seed}, t ${t}`).toBeLessThan(1e-9)
    })
})

describe('at the base width', () => {
  for (const [name, { make, x, y }] of Object.entries(INPUTS))
    it(`${name} is what it was, to the bit`, () => {
      for (const table of TABLES)
        for (const optimizer of ['sgd', 'adam'] as const) {
          const scaled = nn.parametrise(make(8, 8), mup({ table, optimizer }))
          expect(scaled.init(Key.fromSeed(1))).toEqual(make(8).init(Key.fromSeed(1)))
          if (table === 9)
            expect(trajectory(scaled, { x, y }, METHODS[optimizer])).toEqual(trajectory(make(8), { x, y }, METHODS[optimizer]))
        }
    })
})

const one = (make: (width: number, base?: number) => nn.Layer, width: number, base: number, options: Parameters<typeof mup>[0]) => {
  const [plain, scaled] = [make(width), nn.parametrise(make(width, base), mup(options))]
  const [a, b] = [plain, scaled].map(m => flatten<nn.Parameter>(m.parameters))
  return (path: string) => {
    const k = a!.paths.indexOf(path)
    const own = b!.list[k]!
    return { deviation: own.parts[0]!.init.scale / a!.list[k]!.parts[0]!.init.scale, ...nn.factorsOf(scaled)(path) }
  }
}
/** The factor of the only use that is no bias, gain or position. */
const multiplierOf = (use: nn.Use, options: Parameters<typeof mup>[0]) => mup(options).multiplier!(use)

describe('numbers of the paper', () => {
  it('width 1024 over 128: rates, deviations and multipliers', () => {
    const make = (width: number, base = width) => {
      const n = nn.dim('n', width, { base })
      return nn.sequence({
        in: nn.linear(3, n),
        two: nn.linear(n, n, { init: nn.normal(0.02) }),
        norm: nn.layerNorm(n),
        out: nn.linear(n, 5),
      })
    }
    const [sgd, adam] = (['sgd', 'adam'] as const).map(optimizer => one(make, 1024, 128, { optimizer }))
    expect(adam!('two/w')).toMatchObject({ lr: 0.125, decay: 8 })
    expect(sgd!('two/w').lr).toBe(1)
    expect(adam!('two/w').deviation).toBeCloseTo(0.353553, 6)
    expect(sgd!('out/w').lr).toBe(8)
    expect(one(make, 1024, 128, { optimizer: 'sgd', table: 3 })('out/w').lr).toBe(0.125)
    for (const path of ['in/w', 'in/b', 'norm/gain', 'norm/bias']) {
      expect(sgd!(path).lr, path).toBe(8)
      expect(adam!(path), path).toMatchObject({ lr: 1, decay: 1 })
    }
    // A finite bias is no width's business.
    expect(sgd!('out/b').lr).toBe(1)
    const n = nn.dim('n', 1024, { base: 128 })
    expect(multiplierOf({ kind: 'readout', dims: [n, 5] }, { optimizer: 'adam' })).toBe(0.125)
    expect(multiplierOf({ kind: 'readout', dims: [n, 5] }, { optimizer: 'adam', output: 4 })).toBe(0.5)
  })
  it('unequal ratios, 8 out and 4 in, of each init', () => {
    const make =
      (init: nn.Init) =>
      (width: number, base = width) =>
        nn.sequence({ w: nn.linear(nn.dim('in', width / 4, { base: base / 2 }), nn.dim('out', width, { base }), { init, bias: false }) })
    const at = (init: nn.Init, optimizer: 'sgd' | 'adam' = 'adam') => one(make(init), 1024, 128, { optimizer })('w/w')
    expect(at(nn.normal(1)).lr).toBe(0.25)
    expect(at(nn.normal(1), 'sgd').lr).toBe(2)
    expect(at(nn.normal(1)).deviation).toBeCloseTo(0.5, 12)
    expect(at(nn.fanIn()).deviation).toBe(1)
    expect(at(nn.xavier()).deviation).toBeCloseTo(Math.sqrt((1024 + 256) / (128 + 64)) / 2, 12)
    expect(at(nn.xavier()).deviation).toBeCloseTo(1.290994, 6)
    expect(at({ distribution: 'normal', scale: 1, fan: 'out' }).deviation).toBeCloseTo(Math.SQRT2, 12)
  })
  it('feed-forward nets of 4·d scale as d does', () => {
    const at = one(
      (width, base = width) => nn.ffn(nn.dim('d', width, { base }), { init: { up: nn.normal(1), down: nn.normal(1) } }),
      1024,
      128,
      { optimizer: 'adam' },
    )
    for (const path of ['up/w', 'down/w']) {
      expect(at(path).lr).toBe(0.125)
      expect(at(path).deviation).toBeCloseTo(0.353553, 6)
    }
  })
  it('attention logits: √64 / d over a base head of 64; unchanged where heads become more', () => {
    for (const [d, want] of [
      [64, 0.125],
      [128, 0.0625],
      [256, 0.03125],
    ] as const)
      expect(multiplierOf({ kind: 'attention', dims: [nn.dim('head', d, { base: 64 })] }, { optimizer: 'adam' })).toBe(want)
    const seen: nn.Use[] = []
    const spy: nn.Parametrisation = { multiplier: use => seen.push(use) }
    const more = nn.parametrise(nn.attention(nn.dim('d', 64, { base: 32 }), { heads: nn.dim('heads', 4, { base: 2 }) }), spy)
    more.init(Key.fromSeed(0), { dtype: 'f32', shape: [1, 3, 64] })
    expect(seen.filter(u => u.kind === 'attention').map(u => u.dims)).toEqual([[16]])
  })
  it('an orthogonal matrix needs no factor of its own when both sides grow alike', () => {
    const make = (width: number, base = width) =>
      nn.linear(nn.dim('n', width, { base }), nn.dim('n', width, { base }), { init: nn.orthogonal() })
    expect(one(make, 64, 16, { optimizer: 'adam' })('w').deviation).toBe(1)
  })
  it('one step of V·(U·x) with a slope of 1: of the order of the width without it, of 1 with it', () => {
    const toy = (n: number, base = n) => {
      const d = nn.dim('n', n, { base })
      return nn.sequence({ u: nn.linear(1, d, { bias: false, init: nn.normal(1) }), v: nn.linear(d, 1, { bias: false }) })
    }
    const after = (model: nn.Layer): { readonly f: number; readonly closed: number } => {
      const { declared, values } = firstValues(model, Key.fromSeed(3))
      const [u, v] = [values[declared.paths.indexOf('u/w')]!, values[declared.paths.indexOf('v/w')]!]
      const [lu, lv] = ['u/w', 'v/w'].map(p => nn.factorsOf(model)(p).lr) as [number, number]
      const dot = (a: Float64Array, b: Float64Array) => a.reduce((s, x, i) => s + x * b[i]!, 0)
      const f0 = dot(u, v)
      // dL/df = 1: dU = V, dV = U.
      const f = dot(
        u.map((x, i) => x - lu * v[i]!),
        v.map((x, i) => x - lv * u[i]!),
      )
      return { f, closed: f0 * (1 + lu * lv) - lu * dot(v, v) - lv * dot(u, u) }
    }
    for (const n of [64, 256, 1024]) {
      const plain = after(toy(n))
      const scaled = after(nn.parametrise(toy(n, 1), mup({ optimizer: 'sgd', table: 3 })))
      expect(plain.f).toBeCloseTo(plain.closed, 8)
      expect(scaled.f).toBeCloseTo(scaled.closed, 8)
      expect(Math.abs(plain.f) / n).toBeGreaterThan(0.7)
      expect(Math.abs(scaled.f)).toBeLessThan(4)
    }
  })
})

describe('options', () => {
  it('readouts and queries begin at 0 when told; a tied table and the keys do not', () => {
    const begin = (tied: boolean) =>
      nn.parametrise(transformer(tied)(8, 4), mup({ optimizer: 'adam', zeroReadout: true, zeroQuery: true })).init(Key.fromSeed(1))
        .params as never as {
        out: { w: NDArray }
        embedding: { table: NDArray }
        blocks: { attention: { branch: { qkv: NDArray } } }
      }
    const all = (a: NDArray) => [...(a.data as Float32Array)]
    expect(all(begin(false).out.w).every(v => v === 0)).toBe(true)
    expect(all(begin(true).embedding.table).some(v => v !== 0)).toBe(true)
    const qkv = all(begin(false).blocks.attention.branch.qkv)
    expect(qkv.every((v, i) => i % 24 < 8 === (v === 0))).toBe(true)
  })
  it('an init scale is on all that is drawn, and on nothing else', () => {
    const at = one(mlp, 8, 8, { optimizer: 'adam', initScale: 0.5 })
    expect(at('two/w').deviation).toBe(0.5)
    expect(at('one/b').deviation).toBe(1)
  })
})

describe('errors', () => {
  const adam = mup({ optimizer: 'adam' })
  const n = (size: number, base: number) => nn.dim('n', size, { base })
  it('heads that do not divide the width, or the base width', () => {
    expect(() => nn.attention(n(10, 10), { heads: 3 })).toThrow(/10 does not divide into 3 heads/)
    expect(() => nn.attention(n(24, 10), { heads: 3 })).toThrow(/base width of 10 does not divide into 3 heads; where heads become more/)
  })
  it('one name with two ratios', () => {
    const model = nn.sequence({ a: nn.linear(3, n(8, 4)), b: nn.linear(n(8, 2), 3) })
    expect(() => nn.parametrise(model, adam)).toThrow(/"n" is 8 of base 4 in "a\/w" and 8 of base 2 in "b\/w"/)
  })
  it('three axes that scale, a table of rows that scale, fans that do not fit, a matrix of ones', () => {
    const with1 = (w: nn.Parameter) => nn.layer<{ w: never }>({ parameters: { w }, apply: (_p, _s, x) => x })
    const of = (w: nn.Parameter) => () => nn.parametrise(with1(w), adam)
    expect(of(nn.kernel([n(8, 4), n(8, 4), n(8, 4)]))).toThrow(/"w" \[8, 8, 8\] has 3 axes that scale/)
    expect(of(nn.table(n(8, 4), n(8, 4)))).toThrow(/finite number of rows/)
    expect(of(nn.weight([n(8, 4), 3], { fanIn: [8] }))).toThrow(/its fans do not/)
    expect(of(nn.weight([n(8, 4), n(8, 4)], { init: nn.ones }))).toThrow(/begins at the constant 1/)
  })
})

it('kinds of the layers: every parameter of every layer is taken for what it is', () => {
  const factor = (make: typeof mlp) => {
    const scaled = nn.parametrise(make(8, 4), mup({ optimizer: 'sgd' }))
    const adam = nn.parametrise(make(8, 4), mup({ optimizer: 'adam' }))
    return Object.fromEntries(
      flatten<nn.Parameter>(scaled.parameters).paths.map(p => {
        const [s, a] = [nn.factorsOf(scaled)(p).lr, nn.factorsOf(adam)(p).lr]
        return [p, s === 2 && a === 1 ? 'vector' : s === 1 && a === 0.5 ? 'hidden' : s === 1 && a === 1 ? 'scalar' : `${s}, ${a}`]
      }),
    )
  }
  expect(factor(resnet)).toEqual({
    'stem/w': 'vector',
    'stem/b': 'vector',
    'block/inner/norm/gain': 'vector',
    'block/inner/norm/bias': 'vector',
    'block/inner/each/w': 'vector',
    'block/inner/each/b': 'vector',
    'block/inner/group/gain': 'vector',
    'block/inner/group/bias': 'vector',
    'block/inner/full/w': 'hidden',
    'block/inner/full/b': 'vector',
    'up/w': 'hidden',
    'up/b': 'vector',
    'root/gain': 'scalar',
    'out/w': 'vector',
    'out/b': 'scalar',
  })
  expect(factor(lstm)).toEqual({
    'first/input': 'vector',
    'first/hidden': 'hidden',
    'first/inputBias': 'vector',
    'first/hiddenBias': 'vector',
    'second/input': 'hidden',
    'second/hidden': 'hidden',
    'second/inputBias': 'vector',
    'second/hiddenBias': 'vector',
    'out/w': 'vector',
    'out/b': 'scalar',
  })
})
