/** Training beside PyTorch: the same start, the same batches, the same numbers. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  crossEntropy,
  Key,
  leaves,
  type NDArray,
  nn,
  numbersOf,
  optim,
  randomWindows,
  type Tensor,
  type Tree,
  trainStep,
  vocabulary,
} from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { expect, type TestContext, test } from 'vitest'
import { python } from './python.ts'

const SCRIPT = fileURLToPath(new URL('./train.py', import.meta.url))

/** PyTorch's answer to a question. */
function ask<T>(context: TestContext, question: () => object): T {
  const run = python(context, 'torch')
  const folder = mkdtempSync(join(tmpdir(), 'train-'))
  try {
    const [from, to] = [join(folder, 'question.json'), join(folder, 'answer.json')]
    writeFileSync(from, JSON.stringify(question()))
    run(SCRIPT, from, to)
    return JSON.parse(readFileSync(to, 'utf8')) as T
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('optimisers step by step', context => {
  const shape = [4, 5]
  const draw = (name: string) => [...(nn.draw(nn.free(shape, nn.normal(1)), Key.fromSeed(3).fork(name)).data as Float32Array)]
  const start = draw('start')
  const gradients = Array.from({ length: 30 }, (_, i) => draw(`gradient ${i}`))
  const methods: Record<string, optim.Method> = {
    sgd: optim.sgd({ lr: 0.1, l2: 0.05 }),
    momentum: optim.sgd({ lr: 0.1, momentum: 0.9 }),
    nesterov: optim.sgd({ lr: 0.1, momentum: 0.9, nesterov: true, l2: 0.01 }),
    adam: optim.adam({ lr: 0.01, betas: [0.8, 0.95], l2: 0.1 }),
    adamw: optim.adamw({ lr: 0.01, weightDecay: 0.1 }),
    // PyTorch decays by the plain rate, not by the relative one: done below.
    adafactor: optim.adafactor({ lr: 0.05, relative: 1e-3 }),
  }
  const answer = ask<Record<string, number[][]>>(context, () => ({ what: 'optimisers', shape, start, gradients }))
  expect(Object.keys(answer).length).toBeGreaterThanOrEqual(5)
  for (const [name, wanted] of Object.entries(answer)) {
    const method = methods[name]!
    const target = {
      value: Float64Array.from(start),
      gradient: new Float64Array(20),
      memory: Object.fromEntries(Object.entries(method.memory(shape, 1)).map(([k, n]) => [k, new Float64Array(n)])),
      shape,
      stack: 1,
    }
    wanted.forEach((want, i) => {
      target.gradient.set(gradients[i]!)
      const before = target.value.slice()
      method.reference(target, { step: i + 1, lr: method.lr(i), weightDecay: method.weightDecay, gradientScale: 1 })
      if (name === 'adafactor') for (const [j, v] of before.entries()) target.value[j]! -= 0.05 * 0.02 * v
      want.forEach((w, j) => {
        expect(Math.abs(target.value[j]! - w), `${name}, step ${i + 1}, element ${j}`).toBeLessThan(1e-9)
      })
    })
  }
})

/** Both sides' losses of a character transformer from the same weights on the same batches. */
async function beside(context: TestContext, seed: number, steps: number) {
  const file = new URL('../../../../../shared/data/tinyshakespeare.txt', import.meta.url)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [d, heads, layers, time, batch, lr] = [32, 4, 2, 32, 8, 2e-3]
  const key = Key.fromSeed(seed)
  const characters = vocabulary(text)
  const embed = nn.embedding(characters.size, d)
  const block = nn.block({ d, attention: nn.attention(d, { heads, causal: true }), ffn: nn.ffn(d) })
  const model = nn.sequence({
    embed,
    positions: nn.learnedPositions(time, d),
    blocks: nn.repeat(layers, block),
    norm: nn.layerNorm(d),
    out: embed.readout(),
  })
  const { params, state } = model.init(key.fork('init'))
  const cut = Math.floor(text.length * 0.9)
  const windows = (part: string, name: string) =>
    randomWindows(characters.encode(part), { batch, time, key: key.fork(name), perEpoch: steps })
  const take = (of: ReturnType<typeof windows>, n: number) => Promise.all(Array.from({ length: n }, (_, i) => of.at(0, i)))
  const batches = await take(windows(text.slice(0, cut), 'training'), steps)
  const validation = await take(windows(text.slice(cut), 'validation'), Math.min(steps, 40))
  const plain = (list: typeof batches) => list.map(b => ({ x: [...numbersOf(b.x)], y: [...numbersOf(b.y)] }))

  const question = () => ({
    what: 'gpt',
    heads,
    layers,
    time,
    lr,
    params: Object.fromEntries(leaves<NDArray>(params).map(([path, a]) => [path, { shape: a.shape, data: [...numbersOf(a)] }])),
    batches: plain(batches),
    validation: plain(validation),
  })
  const wanted = ask<{ losses: number[]; validation: number }>(context, question)

  const lossOf =
    (train: boolean) =>
    (p: Tree<Tensor>, s: Tree<Tensor>, { x, y }: { x: Tensor; y: Tensor }, k: Tensor) => {
      const [logits, next] = model.apply(p, s, x, { key: k, train })
      return [crossEntropy(logits, y), next] as const
    }
  const rule = optim.chain(optim.adamw({ lr, weightDecay: 0.01 }), optim.clipByGlobalNorm(1))
  const training = await trainStep(lossOf(true), rule, { runtime: nodeRuntime(), arena: createArena, params, state, key })
  const losses: number[] = []
  for (const b of batches) losses.push((await training.step(b as unknown as Tree<NDArray>)).loss)
  const measure = await trainStep(lossOf(false), optim.chain(optim.sgd({ lr: 0 })), {
    runtime: nodeRuntime(),
    arena: createArena,
    params: training.params,
    state,
    key,
  })
  let sum = 0
  for (const b of validation) sum += (await measure.step(b as unknown as Tree<NDArray>)).loss
  await training.dispose()
  await measure.dispose()
  return { got: { losses, validation: sum / validation.length }, wanted }
}

test('the first 100 losses of a character transformer', async context => {
  const { got, wanted } = await beside(context, 9, 100)
  for (const [i, loss] of got.losses.entries())
    expect(Math.abs(loss - wanted.losses[i]!), `loss ${i}: ${loss}, PyTorch ${wanted.losses[i]}`).toBeLessThan(1e-3)
  expect(got.losses[99]!).toBeLessThan(got.losses[0]! - 0.5)
})

test.skipIf(process.env['DIORAMA_LONG'] === undefined)(
  'validation after 1,500 steps, paired over 5 seeds',
  { timeout: 3_600_000 },
  async context => {
    const apart: number[] = []
    for (let seed = 0; seed < 5; seed++) {
      const { got, wanted } = await beside(context, seed, 1500)
      console.log(`seed ${seed}: validation ${got.validation.toFixed(4)}, PyTorch ${wanted.validation.toFixed(4)}`)
      apart.push(got.validation - wanted.validation)
    }
    const mean = apart.reduce((a, b) => a + b, 0) / apart.length
    const deviation = Math.sqrt(apart.reduce((a, b) => a + (b - mean) ** 2, 0) / (apart.length - 1))
    // Student's t for 4 degrees of freedom, 95 %.
    expect(Math.abs(mean) + (2.776 * deviation) / Math.sqrt(apart.length)).toBeLessThan(0.02)
  },
)
