/** Models of every kind of layer, as a function of width, and their training in double precision. */
import {
  add,
  crossEntropy,
  f32,
  flatten,
  i64,
  interpret,
  Key,
  mean,
  type NDArray,
  nn,
  numbersOf,
  type optim,
  relu,
  spec,
  type Tensor,
  type Tree,
  trace,
  valueAndGrad,
} from '@dioramic/tensor'

export type Make = (width: number, base?: number) => nn.Layer

const d = (name: string, size: number, base: number) => nn.dim(name, size, { base })

export const mlp: Make = (width, base = width) => {
  const n = d('n', width, base)
  return nn.sequence({
    one: nn.linear(3, n, { biasInit: nn.constant(0.1) }),
    bend: nn.fn(relu),
    two: nn.linear(n, n),
    bend2: nn.fn(relu),
    out: nn.linear(n, 3),
  })
}

/** Heads that grow in size, positions, gated feed-forward nets that grow by the square of the ratio, and an untied readout or the table itself. */
export const transformer =
  (tied: boolean): Make =>
  (width, base = width) => {
    const n = d('model', width, base)
    const hidden = d('hidden', (width * width) / 4, (base * base) / 4)
    const embedding = nn.embedding(7, n, { init: nn.normal(0.5) })
    const block = nn.block({ d: n, attention: nn.attention(n, { heads: 2, causal: true }), ffn: nn.ffn(n, { hidden, gated: true }) })
    return nn.sequence({
      embedding,
      positions: nn.learnedPositions(5, n),
      blocks: nn.repeat(2, block),
      norm: nn.layerNorm(n),
      out: tied ? embedding.readout() : nn.linear(n, 7),
    })
  }

/** Convolutions, full, depthwise and transposed, with norms between. */
export const resnet: Make = (width, base = width) => {
  const c = d('channels', width, base)
  const residual = (inner: nn.Layer) =>
    nn.layer<{ inner: Tree<Tensor> }, { inner: Tree<Tensor> }>({
      parameters: { inner: inner.parameters },
      state: { inner: inner.state },
      apply: (p, s, x, context) => {
        const [y, next] = inner.apply(p.inner, s.inner, x, context)
        return [add(x, y), { inner: next }]
      },
    })
  return nn.sequence({
    stem: nn.conv2d(2, c, 3, { padding: 1 }),
    block: residual(
      nn.sequence({
        norm: nn.batchNorm(c),
        bend: nn.fn(relu),
        each: nn.conv2d(c, c, 3, { padding: 1, groups: c, init: nn.xavier() }),
        group: nn.groupNorm(c, 2),
        full: nn.conv2d(c, c, 3, { padding: 1, init: nn.kaiming() }),
      }),
    ),
    up: nn.convTranspose(c, c, 2, { stride: 2 }),
    root: nn.rmsNorm(8),
    pool: nn.fn(x => mean(x, [2, 3])),
    out: nn.linear(c, 3),
  })
}

export const lstm: Make = (width, base = width) => {
  const n = d('state', width, base)
  return nn.sequence({
    first: nn.lstm(3, n, { recurrentInit: nn.fanIn() }),
    second: nn.gru(n, n, { recurrentInit: nn.fanIn() }),
    last: nn.fn(x => mean(x, [1])),
    out: nn.linear(n, 3),
  })
}

const numbers = (n: number, name: string) => nn.draw(nn.free([n], nn.normal(1)), Key.fromSeed(11).fork(name)).data as Float32Array
const tokens = (n: number) => Array.from(numbers(n, 'tokens'), v => Math.floor(Math.abs(v * 1000)) % 7)
const classes = i64([0, 2, 1, 1])

export const INPUTS: Readonly<Record<string, { readonly make: Make; readonly x: NDArray; readonly y: NDArray }>> = {
  mlp: { make: mlp, x: f32(numbers(12, 'x'), [4, 3]), y: classes },
  transformer: { make: transformer(false), x: i64(tokens(10), [2, 5]), y: i64(tokens(10).reverse(), [2, 5]) },
  'tied transformer': { make: transformer(true), x: i64(tokens(10), [2, 5]), y: i64(tokens(10).reverse(), [2, 5]) },
  resnet: { make: resnet, x: f32(numbers(128, 'x'), [4, 2, 4, 4]), y: classes },
  lstm: { make: lstm, x: f32(numbers(36, 'x'), [4, 3, 3]), y: classes },
}

/** First values in double precision: draws of unit deviation, the same whatever the declared deviations are, times those. */
export function firstValues(
  model: nn.Layer,
  key: Key,
): { readonly declared: ReturnType<typeof flatten<nn.Parameter>>; readonly values: Float64Array[] } {
  const declared = flatten<nn.Parameter>(model.parameters)
  const values = declared.list.map((p, i) => {
    const { init } = p.parts[0]!
    if (init.distribution === 'orthogonal') throw new Error('orthogonal draws have no unit form')
    const unit = init.distribution === 'constant' ? nn.constant(1) : nn.normal(1)
    const drawn = nn.draw(
      p.withInit(() => unit),
      key.fork(declared.paths[i]!),
    )
    return Float64Array.from(drawn.data as Float32Array, v => v * nn.deviationOf(p, init))
  })
  return { declared, values }
}

/** Losses and outputs of so many full-batch steps in double precision. */
export function trajectory(
  model: nn.Layer,
  { x, y }: { readonly x: NDArray; readonly y: NDArray },
  method: optim.Method,
  { steps = 5, first = firstValues(model, Key.fromSeed(5)) } = {},
): number[] {
  const { declared, values } = first
  const state = flatten<nn.Parameter>(model.state)
  const states = state.list.map(p => nn.draw(p, Key.fromSeed(0)))
  const type = (a: NDArray) => spec(a.dtype as 'f32', a.shape)
  const factors = nn.factorsOf(model)
  const memory = declared.list.map(p =>
    Object.fromEntries(Object.entries(method.memory(p.shape, 1)).map(([name, n]) => [name, new Float64Array(n)])),
  )
  const traced = trace(
    (list: Tensor[], s: Tensor[], input: Tensor, labels: Tensor, key: Tensor) => {
      const loss = (own: Tensor[]) =>
        crossEntropy(model.apply(declared.rebuild(own), state.rebuild(s), input, { key, train: true })[0], labels)
      const logits = model.apply(declared.rebuild(list), state.rebuild(s), input, { key, train: true })[0]
      const [value, gradients] = valueAndGrad(loss)(list)
      return { a: value, b: logits, gradients }
    },
    [declared.list.map(p => spec('f32', p.shape)), states.map(type), type(x), type(y), spec('i64', [2])],
  )
  const out: number[] = []
  for (let step = 1; step <= steps; step++) {
    const params = declared.list.map((p, i): NDArray => ({ dtype: 'f64', shape: p.shape, data: values[i]! }))
    const results = interpret(traced.graph, [...params, ...states, x, y, { dtype: 'i64', shape: [2], data: Key.fromSeed(1).toInt64() }])
    const { a, b, gradients } = traced.rebuild(results) as { a: NDArray; b: NDArray; gradients: NDArray[] }
    out.push(...numbersOf(a), ...numbersOf(b))
    declared.list.forEach((p, i) => {
      const { lr, decay } = factors(declared.paths[i]!)
      method.reference(
        { value: values[i]!, gradient: Float64Array.from(numbersOf(gradients[i]!)), memory: memory[i]!, shape: p.shape, stack: 1 },
        { step, lr: method.lr(step - 1) * lr, weightDecay: method.weightDecay * decay, gradientScale: 1 },
      )
    })
  }
  return out
}
