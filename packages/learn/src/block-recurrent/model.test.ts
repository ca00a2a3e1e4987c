import {
  compile,
  crossEntropy,
  decoder,
  f32,
  flatten,
  interpreter,
  Key,
  type NDArray,
  nn,
  numbersOf,
  optim,
  type Tensor,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { describe, expect, it, test } from 'vitest'
import { characterTokeniser, encodeDocuments, languageLoss, recipeRule, trainLanguage } from '../language/index.ts'
import type { CellForm } from './cell.ts'
import type { GateKind } from './gate.ts'
import { blockRecurrentKind, blockRecurrentLm } from './model.ts'
import { recurrentAttention } from './recurrent-attention.ts'
import { restart } from './restart.ts'

const key = Key.fromSeed(9)
const runtime = nodeRuntime({ threads: 1 })
const [w, vocabulary] = [4, 11] as const
const small = { vocabulary, d: 8, heads: 2, layers: 3, window: w, states: 3, recurrent: [-2] } as const
const tokens = (rows: readonly (readonly number[])[]): NDArray => ({
  dtype: 'i64',
  shape: [rows.length, rows[0]!.length],
  data: BigInt64Array.from(rows.flat(), BigInt),
})
const counting = (rows: number, time: number) =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: time }, (_, t) => (t * t + 3 * r) % vocabulary))

describe('token by token, in constant memory, is the whole text at once', () => {
  for (const [name, more] of Object.entries({
    'fixed:skip': {},
    'lstm:dual': { gate: 'lstm', form: 'dual' },
    'gru:single, all layers': { gate: 'gru', form: 'single', recurrent: [0, 1, 2] },
    window: { recurrent: [] },
    'Transformer-XL': { recurrent: [], gradient: 'window' },
  } as const))
    for (const engine of [interpreter(), runtime])
      it(`${name}, ${engine.name}`, async () => {
        const model = blockRecurrentLm({ ...small, ...more, batch: 2, time: 7 * w }).layer
        const texts = counting(2, 7 * w)
        const { params, state } = model.init(key)
        const whole = compile((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => model.apply(p, s, x)[0], engine)
        const want = numbersOf((await whole(params, state, tokens(texts))) as NDArray)
        const one = decoder(model, params, engine, { batch: 2, length: Number.POSITIVE_INFINITY })
        for (let t = 0; t < 7 * w; t++) {
          const logits = numbersOf(await one.step(texts.map(row => row[t]!)))
          for (const row of [0, 1])
            for (let c = 0; c < vocabulary; c++)
              expect(Math.abs(logits[row * vocabulary + c]! - want[(row * 7 * w + t) * vocabulary + c]!), `token ${t}`).toBeLessThan(1e-5)
        }
        await one.dispose()
        await whole.dispose()
      })
  it('rows may begin a document anywhere', async () => {
    const model = blockRecurrentLm({ ...small, batch: 1, time: w }).layer
    const { params, state } = model.init(key)
    const steps = model.decoder({ batch: 2, length: Number.POSITIVE_INFINITY })
    const run = compile((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor, start: Tensor) => {
      const [y, next] = steps.apply(p, restart(s, start), x)
      return { y, next } as never
    }, interpreter())
    const texts = counting(2, 5 * w + 3)
    const from = 2 * w + 3
    let s = steps.init(key).state
    const got: ArrayLike<number>[] = []
    for (let t = 0; t < 5 * w + 3; t++) {
      const out = (await run(params, s, tokens(texts.map(r => [r[t]!])), f32([0, Number(t === from)]))) as {
        y: NDArray
        next: Tree<NDArray>
      }
      s = out.next
      got.push(numbersOf(out.y))
    }
    const whole = compile((p: Tree<Tensor>, q: Tree<Tensor>, x: Tensor) => model.apply(p, q, x)[0], interpreter())
    const alone = numbersOf((await whole(params, state, tokens([texts[1]!.slice(from)]))) as NDArray)
    for (let t = 0; t < 3 * w; t++)
      for (let c = 0; c < vocabulary; c++) expect(got[from + t]![vocabulary + c]).toBeCloseTo(alone[t * vocabulary + c]!, 5)
  })
})

test('a trained model goes on by itself', async () => {
  const texts = Array.from({ length: 4 }, (_, r) => Array.from({ length: 65 }, (_, t) => (t + r) % vocabulary))
  const model = blockRecurrentLm({ ...small, batch: 4, d: 16, time: 16 }).layer
  const { params, state } = model.init(key)
  type Batch = { x: Tensor; y: Tensor; start: Tensor }
  const loss = (p: Tree<Tensor>, s: Tree<Tensor>, b: Batch) => {
    const [logits, next] = model.apply(p, restart(s, b.start), b.x, { train: true })
    return [crossEntropy(logits, b.y), next] as const
  }
  const training = await trainStep(loss, optim.chain(optim.adam({ lr: 0.02 })), { runtime, arena: createArena, params, state, key })
  const part = (from: number) => tokens(texts.map(row => row.slice(from, from + 16)))
  for (let i = 0; i < 80; i++) {
    const from = 16 * (i % 4)
    await training.step({ x: part(from), y: part(from + 1), start: f32(new Float32Array(4).fill(Number(from === 0))) })
  }
  const writer = decoder(model, training.params, runtime, { batch: 1, length: Number.POSITIVE_INFINITY })
  const [written] = await writer.generate([[3, 4]], { count: 30, temperature: 0 })
  expect(written).toEqual(Array.from({ length: 32 }, (_, i) => (3 + i) % vocabulary))
  await training.dispose()
})

test('as a kind of language model it learns a text in lanes, through the recipe', async () => {
  const line = 'she sells sea shells by the sea shore; '
  const tokeniser = characterTokeniser([line])
  const train = encodeDocuments(tokeniser, [line.repeat(20), line.repeat(20)])
  const settings = { d: 16, layers: 2, heads: 2, window: 8, recurrent: [-1] }
  const model = blockRecurrentKind.build(blockRecurrentKind.settings.parse(settings), { vocabulary: tokeniser.size, time: 32, batch: 4 })
  const { training, validation } = await trainLanguage({
    model,
    tokeniser,
    train,
    validation: encodeDocuments(tokeniser, [line.repeat(8)]),
    updates: 150,
    lr: 1e-2,
    key,
    runtime,
    arena: createArena,
  })
  expect(validation!.bitsPerToken).toBeLessThan(0.5)
  await training.dispose()
})

test('the recipe moves vectors of deviation 1 five times and scales, biases and gates ten times as far as matrices, and pulls only matrices to 0', async () => {
  const lr = 1e-3
  const model = blockRecurrentLm({ ...small, gate: 'lstm', form: 'dual', batch: 2, time: 3 * w })
  const { params, state } = model.layer.init(key)
  const rule = recipeRule(model, 10, { lr, warmup: 1, weightDecay: 0.1, clip: 1e9 })
  const training = await trainStep(languageLoss(model), rule, { runtime, arena: createArena, params, state, key })
  const x = tokens(counting(2, 3 * w))
  await training.step({ x, y: tokens(counting(2, 3 * w + 1).map(row => row.slice(1))), start: f32([1, 1]) })
  const [before, after] = [flatten<NDArray>(params), flatten<NDArray>(training.params)]
  const seen = new Set<number>()
  before.paths.forEach((path, i) => {
    const times = /embedding|ids/.test(path) ? 5 : /(scale|bias)$/i.test(path) ? 10 : 1
    const pulled = /\/w$|weight|forget$|input$/.test(path) ? 0.1 : 0
    const moved = numbersOf(after.list[i]!).map((v, k) => {
      const p = numbersOf(before.list[i]!)[k]!
      return Math.abs(v - p * (1 - lr * pulled)) / lr
    })
    // Adam's first step is the rate itself where there is a gradient.
    expect(Math.max(...moved), path).toBeLessThan(times * 1.001)
    if (Math.max(...moved) > times * 0.9) seen.add(times)
  })
  expect([...seen].sort((a, b) => a - b)).toEqual([1, 5, 10])
  await training.dispose()
})

test('every cell trains', async () => {
  for (const form of ['skip', 'dual', 'single'] satisfies CellForm[])
    for (const gate of ['fixed', 'lstm', 'gru'] satisfies GateKind[]) {
      const model = blockRecurrentLm({ ...small, layers: 2, form, gate, batch: 2, time: 3 * w }).layer
      const loss = (p: Tree<Tensor>, s: Tree<Tensor>, b: { x: Tensor }) => {
        const [logits, next] = model.apply(p, s, b.x, { train: true })
        return [crossEntropy(logits, b.x), next] as const
      }
      const training = await trainStep(loss, optim.chain(optim.adam({ lr: 0.01 })), {
        runtime,
        arena: createArena,
        ...model.init(key),
        key,
      })
      const before = [...flat(training.params)]
      let last = 0
      for (let i = 0; i < 4; i++) last = (await training.step({ x: tokens(counting(2, 3 * w)) })).loss
      expect(last).toBeLessThan(Math.log(vocabulary) * 2)
      const after = flat(training.params)
      // Every parameter moved: gradients reach all of the cell.
      expect(before.every((a, i) => a.some((v, j) => v !== after[i]![j]))).toBe(true)
      await training.dispose()
    }
})
const flat = (t: Tree<NDArray>): number[][] =>
  'data' in (t as object) ? [[...numbersOf(t as NDArray)]] : Object.values(t as object).flatMap(x => flat(x as Tree<NDArray>))

test('a block of your own gets states', async () => {
  // A user's block: a gated convolution beside attention.
  const d = 8
  const mine = (attention: nn.Layer) =>
    nn.sequence({
      mix: nn.preNorm(attention, nn.layerNorm(d), nn.dropout(0)),
      ffn: nn.preNorm(nn.ffn(d, { gated: true }), nn.layerNorm(d), nn.dropout(0)),
    })
  const model = nn.sequence({
    in: nn.embedding(vocabulary, d),
    one: mine(nn.attention(d, { heads: 2, causal: true })),
    two: mine(recurrentAttention(d, { batch: 2, heads: 2, window: w })),
    out: nn.linear(d, vocabulary),
  })
  const { params, state } = model.init(key)
  const run = compile((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor, start: Tensor) => {
    const [y, next] = model.apply(p, restart(s, start), x)
    return { y, next } as never
  }, runtime)
  const x = tokens(counting(2, 2 * w))
  const first = (await run(params, state, x, f32([1, 1]))) as { y: NDArray; next: Tree<NDArray> }
  const second = (await run(params, first.next, x, f32([0, 1]))) as { y: NDArray }
  const half = first.y.data.length / 2
  expect([...second.y.data].slice(half)).toEqual([...first.y.data].slice(half))
  expect([...second.y.data].slice(0, half)).not.toEqual([...first.y.data].slice(0, half))
})

test('layers that are none and segments that are no multiple are said', () => {
  expect(() => blockRecurrentLm({ ...small, batch: 1, time: w + 1 })).toThrow(/segment of 5 tokens is no multiple of the window of 4/)
  expect(() => blockRecurrentLm({ ...small, batch: 1, time: w, window: 0 })).toThrow(/the window/)
  expect(() => blockRecurrentLm({ ...small, batch: 1, time: w, recurrent: [3] })).toThrow(
    /layer 3 is to be recurrent, but there are layers 0 to 2/,
  )
  expect(() => blockRecurrentLm({ ...small, batch: 1, time: w, recurrent: [-4] })).toThrow(/layer -1/)
  expect(() => blockRecurrentLm({ ...small, batch: 1, time: w, layers: 0 })).toThrow(/number of layers/)
})
