/** What is said of a position must not depend on what comes later, by value or by routing. */
import { compile, f32, fillNormal, flatten, i64, interpreter, Key, type NDArray, nn, type Tensor, type Tree } from '@dioramic/tensor'
import { nodeRuntime } from '@dioramic/tensor/node'
import { expect, test } from 'vitest'
import {
  baseRouter,
  denseRouter,
  gmlpBlock,
  gshardRouter,
  hashRouter,
  prefixLength,
  type Router,
  sparseBlock,
  switchRouter,
  tokenExperts,
  tokenIds,
} from './index.ts'

const [vocabulary, time, batch, d] = [13, 15, 2, 8]
const key = Key.fromSeed(3400)
const ids = tokenIds()
const hash = hashRouter({ ids, table: Array.from({ length: vocabulary }, (_, i) => i % 3) })

function lm(blocks: nn.Layer): nn.Layer {
  const embedding = nn.embedding(vocabulary, d, { init: nn.normal(1) })
  return nn.sequence({ ids, embedding, blocks, norm: nn.layerNorm(d), out: embedding.readout() })
}

/** First values with noise, so that spatial matrices mix and routers differ. */
function valuesOf(layer: nn.Layer, seed: number) {
  const { params, state } = layer.init(key.fork(seed))
  const { list, rebuild } = flatten<NDArray>(params)
  const noise = list.map((a, i) => {
    const z = new Float32Array(a.data.length)
    fillNormal(z, key.fork(seed).fork(i).words)
    return f32(
      Float32Array.from(a.data as Float32Array, (v, j) => v + 0.5 * z[j]!),
      a.shape,
    )
  })
  return { params: rebuild(noise) as Tree<NDArray>, state }
}

/** Trials in which one token was changed, from position `from` on: how often an earlier output of its text, or any of the other text's, changed by as much as a bit; and how often a later one did. */
async function influence(layer: nn.Layer, { from = 0, trials = 12, runtime = interpreter() } = {}) {
  const run = compile((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => layer.apply(p, s, x)[0], runtime)
  let [earlier, later] = [0, 0]
  for (let trial = 0; trial < trials; trial++) {
    const { params, state } = valuesOf(layer, trial)
    const draw = (name: string, low: number, high: number) =>
      low + Math.floor((key.fork(trial).fork(name).words[0]! / 2 ** 32) * (high - low))
    const tokens = Array.from({ length: batch * time }, (_, i) => draw(`token ${i}`, 0, vocabulary))
    const [row, t] = [draw('row', 0, batch), draw('time', from, time)]
    const changed = tokens.with(row * time + t, (tokens[row * time + t]! + draw('by', 1, vocabulary)) % vocabulary)
    const [a, b] = [await run(params, state, i64(tokens, [batch, time])), await run(params, state, i64(changed, [batch, time]))]
    const differs = (n: number, u: number) => {
      const at = (n * time + u) * vocabulary
      return (a.data as Float32Array).slice(at, at + vocabulary).some((v, i) => v !== b.data[at + i])
    }
    const places = Array.from({ length: batch * time }, (_, i) => [Math.floor(i / time), i % time] as const)
    earlier += Number(places.some(([n, u]) => (n !== row || u < t) && differs(n, u)))
    later += Number(places.some(([n, u]) => n === row && u >= t && differs(n, u)))
  }
  await run.dispose()
  return { earlier, later }
}

const tokens = (router: Router) => ({ experts: 3, router, hidden: 12 })
const chunks = (prefix?: number) => ({
  length: time,
  chunks: 2,
  hidden: 16,
  routing: { router: switchRouter(), experts: 3, ...(prefix === undefined ? {} : { prefix }) },
})
const MODELS: Readonly<Record<string, nn.Layer>> = {
  gMLP: nn.repeat(2, gmlpBlock(d, { length: time, hidden: 16 })),
  'sMLP, deterministic': nn.repeat(2, sparseBlock(d, { spatial: { length: time, chunks: 2, hidden: 16 }, tokens: tokens(baseRouter()) })),
  ...Object.fromEntries(
    [switchRouter(), gshardRouter(), baseRouter(), denseRouter(), hash].map(router => [
      `attention, then ${router.name} experts`,
      nn.block({ d, attention: nn.attention(d, { heads: 2, causal: true }), ffn: tokenExperts(d, tokens(router)) }),
    ]),
  ),
}

test.each(Object.entries(MODELS))('%s: no bit of an earlier output changes', async (_, blocks) => {
  expect(await influence(lm(blocks))).toEqual({ earlier: 0, later: 12 })
})

test('partial prediction: no bit changes by a token behind the prefix; one inside it may', async () => {
  const layer = lm(sparseBlock(d, { spatial: chunks(), tokens: tokens(switchRouter()) }))
  expect(await influence(layer, { from: prefixLength(time) })).toEqual({ earlier: 0, later: 12 })
})

test('chunks routed by all positions tell of the future: the test can fail', async () => {
  const layer = lm(sparseBlock(d, { spatial: chunks(1), tokens: tokens(switchRouter()) }))
  expect((await influence(layer, { from: prefixLength(time), trials: 24 })).earlier).toBeGreaterThan(0)
})

test('onnxruntime finds no influence either, and what the interpreter finds', async () => {
  const runtime = nodeRuntime({ threads: 1 })
  const layer = lm(nn.sequence(MODELS['sMLP, deterministic']!, sparseBlock(d, { spatial: chunks(), tokens: tokens(gshardRouter()) })))
  expect(await influence(layer, { from: prefixLength(time), trials: 6, runtime })).toEqual({ earlier: 0, later: 6 })
  const { params, state } = valuesOf(layer, 1)
  const x = i64(
    Array.from({ length: batch * time }, (_, i) => (7 * i) % vocabulary),
    [batch, time],
  )
  const f = (p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor, k: Tensor) => layer.apply(p, s, x, { train: true, key: k })[0]
  const [a, b] = await Promise.all([runtime, interpreter()].map(r => compile(f, r)(params, state, x, i64(key.toInt64(), [2]))))
  const worst = Math.max(...Array.from(a!.data as Float32Array, (v, i) => Math.abs(v - Number(b!.data[i]))))
  expect(worst).toBeLessThan(2e-4)
})
