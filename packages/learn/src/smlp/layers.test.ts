import {
  add,
  decoder,
  f32,
  fillNormal,
  flatten,
  grad,
  i64,
  interpret,
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
  trace,
} from '@dioramic/tensor'
import { describe, expect, test } from 'vitest'
import {
  attentionCost,
  balanceLoss,
  baseRouter,
  countMultiplyAdds,
  denseRouter,
  expertMetrics,
  ffnCost,
  gmlpBlock,
  gmlpCost,
  gshardRouter,
  partialWeights,
  prefixLength,
  type Router,
  routerCost,
  sparseBlock,
  spatialGate,
  switchRouter,
  tokenExperts,
  tokenExpertsCost,
} from './index.ts'

const key = Key.fromSeed(3150)

function normals(shape: readonly number[], name: string, scale = 1): NDArray {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1))
  fillNormal(data, key.fork(name).words)
  return f32(
    data.map(v => scale * v),
    shape,
  )
}

/** First values of a layer with noise added to all, so that nothing is at a place of symmetry. */
function noisy(layer: nn.Layer, name: string, scale = 0.3): Tree<NDArray> {
  const { list, paths, rebuild } = flatten<NDArray>(layer.init(key.fork(name)).params)
  return rebuild(
    list.map((a, i) =>
      f32(
        Float32Array.from(numbersOf(a), (v, j) => v + numbersOf(normals(a.shape, `${name}/${paths[i]}`, scale))[j]!),
        a.shape,
      ),
    ),
  ) as Tree<NDArray>
}

const typesOf = (tree: Tree<NDArray>) => {
  const { list, rebuild } = flatten<NDArray>(tree)
  return rebuild(list.map(a => spec(a.dtype === 'f64' ? 'f32' : a.dtype, a.shape)))
}

/** A layer's output on x (and what else `of` makes of it), interpreted. */
function apply(
  layer: nn.Layer,
  params: Tree<NDArray>,
  x: NDArray,
  train = false,
  of = (y: Tensor, _s: Tree<Tensor>): Tree<Tensor> => y,
): number[][] {
  const state = layer.init(key).state
  const { graph } = trace((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor, k: Tensor) => of(...layer.apply(p, s, x, { train, key: k })), [
    typesOf(params),
    typesOf(state),
    typesOf(x),
    spec('i64', [2]),
  ] as never)
  return interpret(graph, [...flatten<NDArray>(params).list, ...flatten<NDArray>(state).list, x, i64(key.toInt64(), [2])]).map(a => [
    ...numbersOf(a),
  ])
}

describe('the spatial gate', () => {
  const gate = (options: object = {}) => spatialGate(4, { length: 2, ...options })

  test('with W = 0 and b = 1 it passes Z₁ on', () => {
    const params = { gain: f32([1, 1]), bias: f32([0, 0]), w: f32(new Float32Array(4), [1, 2, 2]), b: f32([[1, 1]]), router: {} }
    const x = normals([3, 2, 4], 'open')
    const [y] = apply(gate(), params, x)
    expect(y).toEqual([...numbersOf(x)].filter((_, i) => i % 4 < 2))
  })

  test('by hand: two positions, and nothing above the diagonal', () => {
    const params = {
      gain: f32([1, 1]),
      bias: f32([0, 0]),
      w: f32([
        [
          [0.5, 9],
          [1, 2],
        ],
      ]),
      b: f32([[1, 1]]),
      router: {},
    }
    const [y] = apply(
      gate(),
      params,
      f32([
        [
          [1, 2, 3, 4],
          [0, 1, 2, -2],
        ],
      ]),
    )
    ;[0.5, 3, 0, 0].forEach((v, i) => {
      expect(y![i]).toBeCloseTo(v, 4)
    })
  })

  test('a shorter text takes the top-left corner; a longer one is refused', () => {
    const layer = spatialGate(8, { length: 6, chunks: 2 })
    const params = noisy(layer, 'corner')
    const x = normals([2, 6, 8], 'long')
    const short = f32(Float32Array.from([0, 1].flatMap(b => [...numbersOf(x)].slice(b * 48, b * 48 + 32))), [2, 4, 8])
    const [long] = apply(layer, params, x)
    const [cut] = apply(layer, params, short)
    expect(cut).toEqual([0, 1].flatMap(b => long!.slice(b * 24, b * 24 + 16)))
    expect(() => apply(layer, params, normals([1, 7, 8], 'longer'))).toThrow(/text of 7 positions; the spatial matrices have 6/)
  })

  test('chunk i is mixed by matrix i: as two gates side by side', () => {
    const layer = spatialGate(8, { length: 3, chunks: 2 })
    const params = noisy(layer, 'chunks') as Record<string, NDArray>
    const x = normals([2, 3, 8], 'chunks x')
    const [y] = apply(layer, params, x)
    const [w, b, gain, bias] = ['w', 'b', 'gain', 'bias'].map(n => [...numbersOf(params[n]!)]) as [number[], number[], number[], number[]]
    const at = (n: number, t: number, i: number) => Number(x.data[(n * 3 + t) * 8 + i])
    for (let n = 0; n < 2; n++) {
      const z = [0, 1, 2].map(t => {
        const v = [4, 5, 6, 7].map(i => at(n, t, i))
        const m = v.reduce((a, c) => a + c) / 4
        const s = Math.sqrt(v.reduce((a, c) => a + (c - m) ** 2, 0) / 4 + 1e-5)
        return v.map((c, i) => ((c - m) / s) * gain[i]! + bias[i]!)
      })
      for (let t = 0; t < 3; t++)
        for (let i = 0; i < 4; i++) {
          const k = Math.floor(i / 2)
          let g = b[k * 3 + t]!
          for (let s = 0; s <= t; s++) g += w[(k * 3 + t) * 3 + s]! * z[s]![i]!
          expect(y![(n * 3 + t) * 4 + i]).toBeCloseTo(at(n, t, i) * g, 4)
        }
    }
  })

  test('C chunks have (C − 1)(T² + T) parameters more than one, and as many multiply–adds', () => {
    const [one, four] = [1, 4].map(chunks => gmlpBlock(16, { length: 10, chunks, hidden: 32 })) as [nn.Layer, nn.Layer]
    expect(nn.countParameters(four) - nn.countParameters(one)).toBe(3 * 110)
    expect(costOf(four, [2, 10, 16])).toBe(costOf(one, [2, 10, 16]))
  })

  test('what it refuses', () => {
    expect(() => spatialGate(20, { length: 8, chunks: 4 })).toThrow(
      /gate of 20 features has halves that do not divide into 4 chunks: its size must be a multiple of 8/,
    )
    expect(() => spatialGate(16, { length: 8, chunks: 0 })).toThrow(/chunks is a whole number from 1, not 0/)
    expect(() => spatialGate(16, { length: 8, chunks: 4, routing: { router: switchRouter(), experts: 0 } })).toThrow(
      /spatial experts is a whole number from 1, not 0/,
    )
    expect(() => gmlpBlock(16, { length: 0 })).toThrow(/length of a spatial gate/)
    expect(() => prefixLength(10, 0)).toThrow(/above 0 and up to 1/)
  })
})

test('partial prediction: the prefix is rounded up, and its targets weigh nothing', () => {
  expect([50, 64, 15, 1].map(t => prefixLength(t))).toEqual([10, 13, 3, 1])
  const [w] = interpret(trace(() => partialWeights(64), []).graph, []).map(a => [...numbersOf(a)])
  expect(w!.reduce((a, b) => a + b)).toBe(51)
  expect(w!.slice(0, 13).every(v => v === 0)).toBe(true)
})

/** Multiply–adds of one token, counted in the graph of a training forward pass. */
function costOf(layer: nn.Layer, shape: readonly number[], dtype: 'f32' | 'i64' = 'f32', train = true): number {
  const { params, state } = layer.init(key)
  const { graph } = trace((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor, k: Tensor) => layer.apply(p, s, x, { train, key: k })[0], [
    typesOf(params),
    typesOf(state),
    spec(dtype, shape),
    spec('i64', [2]),
  ] as never)
  return countMultiplyAdds(graph) / (shape[0]! * shape[1]!)
}

describe('costs: the formulas are what the graphs do', () => {
  const [d, hidden, time] = [16, 48, 12]
  const shape = [4, time, d]
  test('feed-forward, attention, gMLP', () => {
    expect(costOf(nn.ffn(d, { hidden }), shape)).toBe(ffnCost({ d, hidden }))
    expect(costOf(nn.attention(d, { heads: 4, causal: true }), shape)).toBe(attentionCost({ d, time }))
    expect(costOf(gmlpBlock(d, { hidden, length: time, chunks: 3 }), shape)).toBe(gmlpCost({ d, hidden, time }))
    expect(costOf(nn.repeat(3, gmlpBlock(d, { hidden, length: time })), shape)).toBe(3 * gmlpCost({ d, hidden, time }))
  })

  test.each([
    ['switch', switchRouter({ capacityFactor: 1 })],
    ['gshard', gshardRouter({ capacityFactor: 1 })],
    ['base', baseRouter()],
    ['dense', denseRouter()],
  ] as [string, Router][])('a mixture with the %s router', (_, router) => {
    expect(costOf(tokenExperts(d, { experts: 4, router, hidden }), shape)).toBe(tokenExpertsCost({ d, hidden, experts: 4, router }))
  })

  test('routed chunks cost what fixed ones do, and the router', () => {
    const router = switchRouter({ capacityFactor: 1 })
    const routed = gmlpBlock(d, { hidden, length: time, chunks: 3, routing: { router } })
    // Each of the 3 chunks of a text has one product of its 8 features with 3 experts.
    expect(costOf(routed, shape)).toBeCloseTo(gmlpCost({ d, hidden, time }) + (3 * routerCost(router, hidden / 6, 3)) / time, 9)
  })
})

describe('token experts', () => {
  const x = normals([3, 4, 6], 'tokens')
  const layerWith = (router: Router, experts = 3) => tokenExperts(6, { experts, router, hidden: 5 })

  test('the dense mixture is the sum of its experts by hand', () => {
    const layer = layerWith(denseRouter())
    const params = noisy(layer, 'dense')
    const [y] = apply(layer, params, x)
    const each = [0, 1, 2].map(e => {
      const ffn = nn.ffn(6, { hidden: 5 })
      const part = (n: string, size: number, shape: number[]) =>
        f32(Float32Array.from([...numbersOf((params as Record<string, NDArray>)[n]!)].slice(e * size, (e + 1) * size)), shape)
      return apply(
        ffn,
        {
          up: { w: part('up', 30, [6, 5]), b: part('upBias', 5, [5]) },
          act: {},
          down: { w: part('down', 30, [5, 6]), b: part('downBias', 6, [6]) },
        },
        x,
      )[0]!
    })
    const w = [...numbersOf(((params as Record<string, unknown>)['router'] as Record<string, NDArray>)['w']!)]
    for (let t = 0; t < 12; t++) {
      const logits = [0, 1, 2].map(e => [0, 1, 2, 3, 4, 5].reduce((s, i) => s + Number(x.data[6 * t + i]) * w[3 * i + e]!, 0))
      const total = logits.reduce((s, l) => s + Math.exp(l), 0)
      for (let i = 0; i < 6; i++) {
        const want = logits.reduce((s, l, e) => s + (Math.exp(l) / total) * each[e]![6 * t + i]!, 0)
        expect(y![6 * t + i]).toBeCloseTo(want, 4)
      }
    }
  })

  test('with one expert Switch is a feed-forward net, whatever the router has learned', () => {
    const layer = layerWith(switchRouter({ capacityFactor: 1 }), 1)
    const params = noisy(layer, 'one') as Record<string, NDArray>
    const own = (n: string) => f32(params[n]!.data as Float32Array, params[n]!.shape.slice(1))
    const [y] = apply(layer, params, x, true)
    const [want] = apply(
      nn.ffn(6, { hidden: 5 }),
      { up: { w: own('up'), b: own('upBias') }, act: {}, down: { w: own('down'), b: own('downBias') } },
      x,
    )
    y!.forEach((v, i) => {
      expect(v).toBeCloseTo(want![i]!, 5)
    })
  })

  test('BASE at wₑ = 0 gives half its expert: x + ½·FFN = ½·(x + FFN) + ½·x', () => {
    const layer = layerWith(baseRouter())
    const params = noisy(layer, 'half') as Record<string, NDArray>
    const zero = { ...params, router: { w: f32(new Float32Array(18), [6, 3]) } } as Tree<NDArray>
    const [y] = apply(layer, zero, x)
    const own = (n: string) => f32((params[n]!.data as Float32Array).slice(0, params[n]!.data.length / 3), params[n]!.shape.slice(1))
    const [want] = apply(
      nn.ffn(6, { hidden: 5 }),
      { up: { w: own('up'), b: own('upBias') }, act: {}, down: { w: own('down'), b: own('downBias') } },
      x,
    )
    y!.forEach((v, i) => {
      expect(v).toBeCloseTo(want![i]! / 2, 5)
    })
  })

  test.each([
    ['switch', switchRouter({ capacityFactor: 0.75 })],
    ['gshard', gshardRouter({ capacityFactor: 0.75 })],
    ['base', baseRouter()],
  ] as [string, Router][])('gradients of %s, dropped tokens among them, are the differences in double precision', (name, router) => {
    const layer = nn.sequence({ block: nn.preNorm(layerWith(router), nn.layerNorm(6), nn.dropout(0)) })
    const params = flatten<NDArray>(noisy(layer, `gradient ${name}`))
    const state = layer.init(key).state
    const n = params.list.length
    const { graph } = trace(
      (p: Tensor[], s: Tree<Tensor>, x: Tensor, k: Tensor) => {
        const loss = (p: Tensor[], x: Tensor) => {
          const [y, next] = layer.apply(params.rebuild(p), s, x, { train: true, key: k })
          return add(sum(mul(mul(y, y), y)), balanceLoss(next))
        }
        return [loss(p, x), ...grad((p: Tensor[]) => loss(p, x))(p), grad((x: Tensor) => loss(p, x))(x)]
      },
      [params.list.map(a => spec('f32', a.shape)), typesOf(state), typesOf(x), spec('i64', [2])] as never,
    )
    const doubles = [...params.list, x].map(a => Float64Array.from(numbersOf(a)))
    const shapes = [...params.list, x].map(a => a.shape)
    const evaluate = (values: readonly Float64Array[]) => {
      const arrays = values.map((data, i): NDArray => ({ dtype: 'f64', shape: shapes[i]!, data }))
      return interpret(graph, [...arrays.slice(0, n), ...flatten<NDArray>(state).list, arrays[n]!, i64(key.toInt64(), [2])])
    }
    const at = evaluate(doubles)
    const h = 1e-6
    for (let i = 0; i <= n; i++) {
      const claimed = [...numbersOf(at[1 + i]!)]
      for (let j = 0; j < claimed.length; j += 1 + Math.floor(claimed.length / 7)) {
        const moved = (by: number) => numbersOf(evaluate(doubles.map((d, k) => (k === i ? d.with(j, d[j]! + by) : d)))[0]!)[0]!
        expect(claimed[j], `${params.paths[i] ?? 'x'}[${j}]`).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 4)
      }
    }
  })

  test('statistics: load, drops, entropy and the balance loss come with the state, also through repeat', () => {
    const router = switchRouter({ capacityFactor: 0.5, balance: 1 })
    const layer = nn.repeat(2, layerWith(router))
    const [load, dropped, entropy, balance, metric, busiest] = apply(layer, noisy(layer, 'figures'), x, true, (_y, s) => {
      const own = (s as unknown as { experts: Record<string, Tensor> }).experts
      const m = expertMetrics(s)
      return [own['load']!, own['dropped']!, own['entropy']!, balanceLoss(s), m['dropped']!, m['largestLoad']!]
    })
    expect(load!.length).toBe(6)
    for (const i of [0, 3]) expect(load!.slice(i, i + 3).reduce((a, b) => a + b)).toBeCloseTo(1, 6)
    // Room for 2 of 12 tokens at each of 3 experts: half at least find none.
    for (const v of dropped!) expect(v).toBeGreaterThanOrEqual(0.5)
    for (const v of entropy!) expect(v > 0 && v <= Math.log(3)).toBe(true)
    expect(balance![0]).toBeGreaterThanOrEqual(1)
    expect(metric![0]).toBeCloseTo((dropped![0]! + dropped![1]!) / 2, 6)
    expect(busiest![0]).toBeCloseTo((Math.max(...load!.slice(0, 3)) + Math.max(...load!.slice(3))) * 1.5, 5)
  })

  test('what it refuses', () => {
    expect(() => layerWith(switchRouter(), 0)).toThrow(/experts is a whole number from 1, not 0/)
    const none = layerWith(switchRouter({ capacityFactor: 0 }))
    expect(() => apply(none, noisy(none, 'none'), x, true)).toThrow(/capacity factor of 0/)
    const good = layerWith(switchRouter())
    expect(() => apply(good, noisy(good, 'shape'), normals([3, 4, 5], 'five'))).toThrow(/token experts take \[\.\.\., 6\], not \[3,4,5\]/)
  })
})

test('a decoder writes what the whole text says, token by token', async () => {
  const embedding = nn.embedding(11, 8)
  const lm = nn.sequence({
    embedding,
    dense: nn.repeat(2, gmlpBlock(8, { length: 7, hidden: 16 })),
    sparse: sparseBlock(8, { spatial: { length: 7, chunks: 2, hidden: 16 }, tokens: { experts: 3, router: switchRouter(), hidden: 12 } }),
    norm: nn.layerNorm(8),
    out: embedding.readout(),
  })
  const params = noisy(lm, 'decoder', 0.5)
  const text = [3n, 1n, 4n, 1n, 5n, 9n, 2n]
  const greedy = (list: readonly number[]) => list.indexOf(Math.max(...list))
  const runtime = interpreter()
  const [written] = await decoder(lm, params, runtime, { batch: 1, length: 7 }).generate([BigInt64Array.from(text.slice(0, 2))], {
    count: 4,
    temperature: 0,
  })
  const so = text.slice(0, 2)
  for (let i = 0; i < 4; i++) {
    const [logits] = apply(lm, params, { dtype: 'i64', shape: [1, so.length], data: BigInt64Array.from(so) })
    so.push(BigInt(greedy(logits!.slice(-11))))
  }
  expect([...written!].map(Number)).toEqual(so.map(Number))
})
