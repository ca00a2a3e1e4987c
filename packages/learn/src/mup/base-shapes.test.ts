import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  crossEntropy,
  f32,
  fit,
  flatten,
  i64,
  interpreter,
  Key,
  nn,
  optim,
  relu,
  spec,
  type Tensor,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import { checkpointFile, createArena } from '@dioramic/tensor/node'
import { describe, expect, it } from 'vitest'
import { baseFacts, baseShapes, mup, preNormOfDepth, withBase } from './index.ts'
import { INPUTS, trajectory } from './models.test-kit.ts'

/** A model that someone wrote with plain numbers. */
const own = (width: number, { hidden = 2 * width, classes = 3, layers = 2, heads = 2 } = {}) => {
  const embedding = nn.embedding(7, width, { init: nn.normal(0.5) })
  const block = nn.block({ d: width, attention: nn.attention(width, { heads, causal: true }), ffn: nn.ffn(width, { hidden }) })
  return nn.sequence({ embedding, blocks: nn.repeat(layers, block), norm: nn.layerNorm(width), out: nn.linear(width, classes) })
}
const dims = (width: number, base: number) => {
  const d = nn.dim('d', width, { base })
  const embedding = nn.embedding(7, d, { init: nn.normal(0.5) })
  const block = nn.block({ d, attention: nn.attention(d, { heads: 2, causal: true }), ffn: nn.ffn(d, { hidden: nn.times(d, 2) }) })
  return nn.sequence({ embedding, blocks: nn.repeat(2, block), norm: nn.layerNorm(d), out: nn.linear(d, 3) })
}
const { x } = INPUTS['transformer']!
const y = i64([0, 1, 2, 0, 1, 2, 0, 1, 2, 0], [2, 5])
const input = spec('i64', [2, 5])
const shapes = baseShapes(own(4), own(6), input)
const adam = mup({ optimizer: 'adam', table: 9 })
const method = optim.adam({ lr: 0.02, epsilon: 1e-30 })

describe('a model of plain sizes, over a base and a delta model', () => {
  it('is the model that was written with dims: declarations, multipliers, training', () => {
    // The rules of the user's own part are these lines.
    const model = nn.parametrise(withBase(own(16), shapes), adam)
    const same = nn.parametrise(dims(16, 4), adam)
    expect(model.init(Key.fromSeed(2))).toEqual(same.init(Key.fromSeed(2)))
    for (const path of flatten(model.parameters).paths) expect(nn.factorsOf(model)(path), path).toEqual(nn.factorsOf(same)(path))
    expect(trajectory(model, { x, y }, method)).toEqual(trajectory(same, { x, y }, method))
  })
  it('base shapes are plain data', () => {
    const again = JSON.parse(JSON.stringify(shapes))
    expect(again).toEqual(shapes)
    expect(shapes.parameters['out/w']!.dims).toEqual([
      { base: 4, grows: true },
      { base: 3, grows: false },
    ])
  })
  it('without a parametrisation nothing changes; other depths are fine', () => {
    const plain = { x, y }
    expect(trajectory(withBase(own(8), shapes), plain, method)).toEqual(trajectory(own(8), plain, method))
    expect(trajectory(nn.parametrise(withBase(own(8, { layers: 3 }), shapes), adam), plain, method).every(Number.isFinite)).toBe(true)
  })
  it('errors name what does not fit', () => {
    expect(() => withBase(own(16, { classes: 5 }), shapes)).toThrow(/axis 1 of "out\/w" is 5, and 3 in both/)
    expect(() => withBase(nn.sequence({ out: nn.linear(4, 3), more: nn.linear(3, 3) }), shapes)).toThrow(
      /the target model.*lacks embedding\/table.*it has more\/w, more\/b/,
    )
    expect(() => baseShapes(own(4), nn.linear(4, 3), input)).toThrow(/the delta model.*not of one architecture/)
    const square = (width: number) => nn.sequence({ stem: nn.conv2d(2, width, 3), all: nn.conv2d(width, width, width) })
    const four = baseShapes(square(4), square(6), spec('f32', [1, 2, 12, 12]))
    expect(() => nn.parametrise(withBase(square(8), four), adam)).toThrow(/"all\/w" \[8, 8, 8, 8\] has 4 axes that scale/)
    const ranks = baseShapes(own(4), own(6), input).parameters['out/w']!
    expect(() =>
      withBase(nn.sequence({ w: nn.conv1d(4, 3, 2, { bias: false }) }), { parameters: { 'w/w': ranks }, uses: [], each: [] }),
    ).toThrow(/"w\/w" has 3 axes, and 2/)
  })
})

it('a checkpoint keeps the base shapes, and a run over others does not go on from it', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'mup-')), 'run.safetensors')
  const runtime = interpreter()
  const run = async (base: number) => {
    const d = nn.dim('d', 8, { base })
    const model = nn.parametrise(nn.sequence({ one: nn.linear(2, d), bend: nn.fn(relu), out: nn.linear(d, 2) }), mup({ optimizer: 'adam' }))
    const training = await trainStep(
      (p: Tree<Tensor>, s: Tree<Tensor>, b: { x: Tensor; y: Tensor }) => crossEntropy(model.apply(p, s, b.x)[0], b.y),
      optim.chain(optim.adam({ lr: 0.01 }), optim.scaleUpdates(nn.factorsOf(model))),
      { runtime, arena: createArena, ...model.init(Key.fromSeed(0)), key: Key.fromSeed(0) },
    )
    const batch = { x: f32([1, 2], [1, 2]), y: i64([1]) }
    try {
      return await fit(training, {
        batches: { perEpoch: 2, at: async () => batch } as never,
        updates: 2,
        checkpoint: { every: 1, to: checkpointFile(path, { facts: baseFacts(model) }) },
      })
    } finally {
      await training.dispose()
    }
  }
  expect((await run(4)).resumed).toBe(false)
  expect((await run(4)).resumed).toBe(true)
  await expect(run(2)).rejects.toThrow(/another run: base\/one\/w\/1 was 4 and would be 2/)
})

describe('depth', () => {
  const net = (layers: number, residual: nn.Residual) =>
    nn.sequence({ blocks: nn.repeat(layers, nn.block({ d: 4, attention: nn.attention(4, { heads: 2 }), ffn: nn.ffn(4), residual })) })
  it('at the base depth the rule is preNorm, to the bit', () => {
    const data = {
      x: f32(
        Array.from({ length: 24 }, (_, i) => Math.sin(i)),
        [2, 3, 4],
      ),
      y: i64([0, 1, 2, 3, 0, 1], [2, 3]),
    }
    for (const alpha of [1, 0.5] as const) {
      const residual = preNormOfDepth({ layers: 2, base: 2, optimizer: 'adam', alpha })
      expect(trajectory(net(2, residual), data, method)).toEqual(trajectory(net(2, nn.preNorm), data, method))
    }
  })
  it('rates of branches and their norms at 8 layers over 2: CompleteP and Depth-µP', () => {
    const lr = (optimizer: 'sgd' | 'adam', alpha: 1 | 0.5) => {
      const at = nn.factorsOf(net(8, preNormOfDepth({ layers: 8, base: 2, optimizer, alpha })))
      expect(at('blocks/ffn/norm/gain')).toEqual({ ...at('blocks/ffn/branch/up/w') })
      return at('blocks/ffn/branch/up/w').lr
    }
    expect(lr('adam', 1)).toBe(1)
    expect(lr('adam', 0.5)).toBe(0.5)
    expect(lr('sgd', 1)).toBe(4)
    expect(lr('sgd', 0.5)).toBe(1)
  })
})
