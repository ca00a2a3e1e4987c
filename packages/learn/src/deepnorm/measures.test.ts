import {
  compile,
  crossEntropy,
  f32,
  flatten,
  grad,
  i64,
  interpreter,
  Key,
  mul,
  type NDArray,
  nn,
  numbersOf,
  spec,
  sum,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import { describe, expect, it } from 'vitest'
import { deepnorm, depthProfile, functionUpdate, profilePlot, residualStream, type Scheme, updateBound, withoutBlocks } from './index.ts'

const KEY = Key.fromSeed(6)
const runtime = interpreter({ precision: 'f64' })
const near = (v: readonly number[], digits = 6) => v.map(n => expect.closeTo(n, digits))
const at = (list: readonly number[]) => (i: number) => list.at(i)!

/** h → g·h, one number a block. */
const factor = nn.layer<{ g: Tensor }>({ parameters: { g: nn.free([1], nn.ones) }, apply: ({ g }, _s, x) => mul(x, g) })

const small = (scheme: Scheme, layers: number, d = 16) => {
  const { residual, gains, end } = residualStream(scheme, { layers })
  const block = gains(nn.block({ d, attention: nn.attention(d, { heads: 2, causal: true }), ffn: nn.ffn(d, { hidden: 2 * d }), residual }))
  return nn.sequence({
    embedding: nn.embedding(9, d, { init: nn.normal(1) }),
    norm: nn.layerNorm(d),
    blocks: nn.repeat(layers, block),
    end: end(d),
    out: nn.linear(d, 9),
  })
}
const lossOf = (model: nn.Layer) => (p: Tree<Tensor>, s: Tree<Tensor>, b: { x: Tensor; y: Tensor }) =>
  crossEntropy(model.apply(p, s, b.x)[0], b.y)
const batch = { x: i64([1, 4, 2, 8, 5, 7, 0, 3, 6, 6, 1, 2], [2, 6]), y: i64([4, 2, 8, 5, 7, 0, 3, 6, 6, 1, 2, 4], [2, 6]) }

describe('the profile', () => {
  it('of blocks that multiply by a number is known: stream, cosines, gradients', async () => {
    const model = nn.repeat(3, factor)
    const g = [2, -0.5, 3]
    const loss = (params: Tree<Tensor>, s: Tree<Tensor>, b: { x: Tensor }) => {
      const [y] = model.apply(params, s, b.x)
      return mul(0.5, sum(mul(y, y)))
    }
    const [p] = await depthProfile(loss, { params: { g: f32(g, [3, 1]) }, batch: { x: f32([1, 0, 0, 1], [1, 2, 2]) }, key: KEY, runtime })
    expect(p!.layers).toBe(3)
    expect(p!.stream).toEqual(near([1, 2, 1, 3].map(v => v * Math.sqrt(0.5))))
    expect(p!.cosine).toEqual(near([1, 1, -1, -1]))
    expect(p!.pairwise).toEqual(near([0, 0, 0, 0]))
    // The loss is ½·|x|²·∏g² = 9: by g_l it has the slope 18/g_l, by the stream h_l the gradient h_l·(the factors behind)².
    expect(p!.gradient).toEqual(near(g.map(v => 18 / Math.abs(v))))
    expect(p!.streamGradient).toEqual(near([9, 4.5, 9].map(v => v * Math.SQRT2)))
    expect(p!.normInputs).toEqual([])
  })
  it('sees positions that are one, and what enters the norms', async () => {
    const model = nn.repeat(2, nn.sequence({ a: factor, norm: nn.layerNorm(2, { epsilon: 0 }) }))
    const { params, state } = model.init(KEY)
    const loss = (p: Tree<Tensor>, s: Tree<Tensor>, b: { x: Tensor }) => sum(model.apply(p, s, b.x)[0])
    const three = { ...(params as object), a: { g: f32([5, 3], [2, 1]) } } as Tree<NDArray>
    const [p] = await depthProfile(loss, { params: three, state, batch: { x: f32([3, 1, 2, 1], [1, 2, 2]) }, key: KEY, runtime })
    expect(p!.pairwise).toEqual(near([7 / Math.sqrt(50), 1, 1]))
    expect(p!.normInputs).toEqual([near([5 * Math.sqrt(15 / 4), 3])])
  })
  it('leaves the gradient what it is, for each scheme', async () => {
    for (const scheme of ['deepnorm', 'post-ln', 'pre-ln'] as const) {
      const model = small(scheme, 4)
      const { params, state } = model.init(KEY, spec('i64', [2, 6]))
      const [p] = await depthProfile(lossOf(model), { params, state, batch, key: KEY, runtime })
      const run = compile<readonly Tree<NDArray>[]>(
        (q: Tree<Tensor>, s: Tree<Tensor>, b: { x: Tensor; y: Tensor }) => grad(lossOf(model))(q, s, b),
        runtime,
      )
      const gradients = (await run(params, state, batch)) as Tree<NDArray>
      const { list, paths } = flatten<NDArray>(gradients)
      const want = [0, 1, 2, 3].map(l =>
        Math.sqrt(
          list.reduce((s, a, i) => {
            if (!paths[i]!.startsWith('blocks/')) return s
            const n = a.data.length / 4
            return s + [...numbersOf(a)].slice(l * n, (l + 1) * n).reduce((z, v) => z + v * v, 0)
          }, 0),
        ),
      )
      expect(p!.gradient).toEqual(near(want, 9))
      expect(p!.normInputs).toHaveLength(2)
      expect(p!.stream).toHaveLength(5)
      if (scheme !== 'pre-ln') expect(p!.stream).toEqual(near([1, 1, 1, 1, 1], 3))
    }
  })
  it('has both stacks of an encoder–decoder', async () => {
    const d = 8
    const { encoder, decoder } = deepnorm({ encoder: 2, decoder: 3 })
    const attention = (causal: boolean) => nn.attention(d, { heads: 2, causal })
    const model = nn.encoderDecoder({
      source: 3,
      encoder: nn.sequence({
        embedding: nn.embedding(9, d),
        blocks: nn.repeat(2, encoder.gains(nn.block({ d, attention: attention(false), ffn: nn.ffn(d), residual: encoder.residual }))),
      }),
      decoder: nn.sequence({
        embedding: nn.embedding(9, d),
        blocks: nn.repeat(
          3,
          decoder.gains(
            nn.block({
              d,
              attention: attention(true),
              cross: nn.crossAttention(d, { heads: 2 }),
              ffn: nn.ffn(d),
              residual: decoder.residual,
            }),
          ),
        ),
        out: nn.linear(d, 9),
      }),
    })
    const { params, state } = model.init(KEY)
    const y = i64([5, 7, 0, 2, 2, 1], [2, 3])
    const found = await depthProfile(lossOf(model), { params, state, batch: { x: batch.x, y }, key: KEY, runtime })
    expect(found.map(p => p.layers)).toEqual([2, 3])
    expect(found.map(p => p.normInputs.length)).toEqual([2, 3])
    for (const p of found) for (const v of [...p.gradient, ...p.streamGradient]) expect(v).toBeGreaterThan(0)
  })
  it('of a model without a stack says what it needs', async () => {
    const model = nn.sequence({ e: nn.embedding(9, 4), out: nn.linear(4, 9) })
    const { params, state } = model.init(KEY)
    await expect(depthProfile(lossOf(model), { params, state, batch, key: KEY, runtime })).rejects.toThrow(
      /no stack of blocks: make the blocks by nn.repeat/,
    )
  })
  it('at first values: DeepNorm stays near its input, post-LN makes all positions one', async () => {
    const layers = 48
    const profiles: Record<string, Awaited<ReturnType<typeof depthProfile>>[number]> = {}
    for (const scheme of ['deepnorm', 'post-ln'] as const) {
      const model = small(scheme, layers)
      const { params, state } = model.init(KEY)
      profiles[scheme] = (await depthProfile(lossOf(model), { params, state, batch, key: KEY, runtime: interpreter() }))[0]!
    }
    const last = (scheme: string, of: 'cosine' | 'pairwise') => at(profiles[scheme]![of])(-1)
    expect(last('deepnorm', 'cosine')).toBeGreaterThan(Math.exp(-1 / (8 * Math.sqrt(2 * layers))) - 0.005)
    expect(last('deepnorm', 'pairwise')).toBeLessThan(0.3)
    expect(last('post-ln', 'pairwise')).toBeGreaterThan(0.95)
    const svg = profilePlot(profiles, 'pairwise')
    for (const name of ['deepnorm', 'post-ln', 'Cosine between positions']) expect(svg).toContain(name)
    expect(profilePlot(profiles, 'normInputs').match(/<polyline|<path/g)!.length).toBeGreaterThanOrEqual(2)
  })
})

describe('an update', () => {
  it('moves a linear function by what the change does to x', async () => {
    const f = (p: Tree<Tensor>, x: Tensor) => mul((p as { w: Tensor }).w, x)
    const got = await functionUpdate(f, { w: f32([1, 1]) }, { w: f32([1.5, 0]) }, f32([2, 3]), runtime)
    expect(got).toBeCloseTo(Math.sqrt((1 + 9) / 2), 9)
  })
  it('has the bound of the paper, branch by branch', () => {
    const d = 2
    const block = nn.block({ d, attention: nn.attention(d, { heads: 1, bias: false }), ffn: nn.ffn(d, { hidden: 2, bias: false }) })
    const stack = nn.repeat(2, block)
    const fill = (values: Record<string, (i: number, length: number) => number>): Tree<NDArray> => {
      const { list, paths, rebuild } = flatten<nn.Parameter>(stack.parameters)
      return rebuild(
        list.map((p, i) => {
          const n = p.shape.reduce((a, b) => a * b, 1)
          return f32(
            Array.from({ length: n }, (_, k) => values[paths[i]!]?.(k, n) ?? 0),
            p.shape,
          )
        }),
      ) as Tree<NDArray>
    }
    // Xavier's deviation of 2 × 2 is 1/√2: entries of c/√2 have a gain of c. Queries and keys, of 100, must not count.
    const c = (gain: number) => () => gain / Math.SQRT2
    const qkv = (v: number, other: number) => (i: number) => (i % 6 >= 4 ? v / Math.SQRT2 : other)
    const start = { 'attention/branch/qkv': qkv(3, 100), 'attention/branch/out': c(4), 'ffn/branch/up/w': c(5), 'ffn/branch/down/w': c(12) }
    const before = fill(start)
    const after = fill({
      ...start,
      'attention/branch/qkv': (i: number, n: number) => qkv(3, 50)(i) + (i === 4 ? 0.3 : 0) * (i < n / 2 ? 1 : 0),
      'attention/branch/out': (i: number) => 4 / Math.SQRT2 + (i === 0 ? 0.4 : 0),
      'ffn/branch/down/w': (i: number, n: number) => 12 / Math.SQRT2 + (i === n - 1 ? 2 : 0),
    })
    // Attention of the first block: √(3² + 4²)·√(0.3² + 0.4²); of its net nothing moved; of the last block's net √(5² + 12²)·2. alpha 2.
    expect(updateBound(stack, before, after, { alpha: 2 })).toBeCloseTo((5 * 0.5 + 13 * 2) / 2, 5)
    expect(() => updateBound(nn.linear(2, 2), {}, {}, { alpha: 1 })).toThrow(/no branch/)
  })
  it('of the encoder reaches the decoder through each cross-attention, v·w/α times', () => {
    const cross = nn.postNorm()(nn.crossAttention(2, { heads: 1, bias: false }), nn.layerNorm(2), nn.dropout(0))
    const one = (gain: number, n: number) => new Array<number>(n).fill(gain / Math.SQRT2)
    const branch = {
      q: f32(one(100, 4), [1, 2, 2]),
      kv: f32([9, 9, ...one(3, 2), 9, 9, ...one(3, 2)], [1, 2, 4]),
      out: f32(one(4, 4), [1, 2, 2]),
    }
    const params = { cross: { norm: { gain: f32([1, 1], [1, 2]), bias: f32([0, 0], [1, 2]) }, branch, dropout: {} } } as Tree<NDArray>
    expect(updateBound(nn.repeat(1, nn.sequence({ cross })), params, params, { alpha: 2, memory: 0.1 })).toBeCloseTo((3 * 4 * 0.1) / 2, 6)
  })
})

it('a stack without some blocks is the stack of the others', async () => {
  const model = nn.repeat(4, factor)
  const params = { blocks: { g: f32([2, 3, 5, 7], [4, 1]) }, other: f32([1]) }
  const kept = withoutBlocks(params, 'blocks', 1, 3) as typeof params
  expect([...numbersOf(kept.blocks.g)]).toEqual([2, 7])
  expect(kept.blocks.g.shape).toEqual([2, 1])
  expect(kept.other).toBe(params.other)
  expect(model.parameters).toBeDefined()
  expect(() => withoutBlocks(params, 'blocks', 0, 4)).toThrow(/a stack of 4 blocks cannot do without 0 to 4/)
  expect(() => withoutBlocks(params, 'layers', 0, 1)).toThrow(/no parameters under "layers"; there are blocks\/g, other/)
})
