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

test('the first 100 losses of a character transformer', async context => {
  const file = new URL('../../../../../shared/data/tinyshakespeare.txt', import.meta.url)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [d, heads, layers, time, batch, lr] = [32, 4, 2, 32, 8, 2e-3]
  const key = Key.fromSeed(9)
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
  const windows = randomWindows(characters.encode(text), { batch, time, key: key.fork('windows') })
  const batches = await Promise.all(Array.from({ length: 100 }, (_, i) => windows.at(0, i)))

  const question = () => ({
    what: 'gpt',
    heads,
    layers,
    time,
    lr,
    params: Object.fromEntries(leaves<NDArray>(params).map(([path, a]) => [path, { shape: a.shape, data: [...numbersOf(a)] }])),
    batches: batches.map(b => ({ x: [...numbersOf(b.x)], y: [...numbersOf(b.y)] })),
  })
  const wanted = ask<number[]>(context, question)

  const loss = (p: Tree<Tensor>, s: Tree<Tensor>, { x, y }: { x: Tensor; y: Tensor }, k: Tensor) => {
    const [logits, next] = model.apply(p, s, x, { key: k, train: true })
    return [crossEntropy(logits, y), next] as const
  }
  const rule = optim.chain(optim.adamw({ lr, weightDecay: 0.01 }), optim.clipByGlobalNorm(1))
  const training = await trainStep(loss, rule, { runtime: nodeRuntime(), arena: createArena, params, state, key })
  for (const [i, b] of batches.entries()) {
    const { loss: got } = await training.step(b as unknown as Tree<NDArray>)
    expect(Math.abs(got - wanted[i]!), `loss ${i}: ${got}, PyTorch ${wanted[i]}`).toBeLessThan(1e-3)
  }
  expect(wanted[99]!).toBeLessThan(wanted[0]! - 0.5)
  await training.dispose()
})
