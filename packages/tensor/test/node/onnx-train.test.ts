/** A model from PyTorch goes on learning here. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { crossEntropy, f32, i64, importOnnx, Key, optim, type Tensor, type Tree, trainStep } from '../../src/index.ts'
import { createArena, nodeRuntime } from '../../src/node/index.ts'

test.each(['resnet-train.torch-1.13-script', 'resnet.torch-2.15-dynamo'])('%s', async file => {
  const model = importOnnx(readFileSync(fileURLToPath(new URL(`../fixtures/onnx/${file}.onnx`, import.meta.url))))
  const [input, output] = [model.inputs[0]!.name, model.outputs[0]!]
  const n = 8
  const x = f32(
    Float32Array.from({ length: n * 2 * 256 }, (_, i) => Math.cos(i * (1 + (i >> 9)) * 0.37)),
    [n, 2, 16, 16],
  )
  const y = i64(Array.from({ length: n }, (_, i) => i % 4))
  const loss = (p: Tree<Tensor>, _s: Tree<Tensor>, b: { x: Tensor; y: Tensor }) =>
    crossEntropy(model.apply(p as Record<string, Tensor>, { [input]: b.x })[output]!, b.y)
  const still = (path: string) => path.includes('running')
  const rule = optim.chain(optim.adamw({ lr: 1e-2 }), optim.freeze(still))
  const training = await trainStep(loss, rule, {
    runtime: nodeRuntime({ threads: 1 }),
    arena: createArena,
    params: model.params,
    key: Key.fromSeed(1),
  })
  const losses: number[] = []
  for (let i = 0; i < 40; i++) losses.push((await training.step({ x, y })).loss)
  expect(losses.at(-1)!).toBeLessThan(0.3 * losses[0]!)
  const after = training.params as Record<string, { data: Float32Array }>
  for (const [name, before] of Object.entries(model.params))
    expect(
      Buffer.compare(Buffer.from((before.data as Float32Array).slice().buffer), Buffer.from(after[name]!.data.slice().buffer)) === 0,
    ).toBe(still(name))
  await training.dispose()
})
