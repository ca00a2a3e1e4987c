import { Key, nn } from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { describe, expect, test } from 'vitest'
import { characterTokeniser, encodeDocuments, trainLanguage, writer } from '../language/index.ts'
import { gshardRouter, smlpKind, smlpLm } from './index.ts'

const key = Key.fromSeed(12)
const line = 'how much wood would a woodchuck chuck; '
const tokeniser = characterTokeniser([line])
const train = encodeDocuments(tokeniser, [line.repeat(30)])

describe('the recipe trains', () => {
  test.each([
    ['gMLP', { dense: 2, sparse: 0 }],
    ['a sparse all-MLP', { dense: 1, sparse: 1 }],
    ['one with GShard', { dense: 0, sparse: 1, router: gshardRouter() }],
    ['one with partial prediction', { dense: 1, sparse: 1, partial: true }],
  ] as const)('%s, which writes the line on', async (_, options) => {
    const model = smlpLm({ vocabulary: tokeniser.size, d: 16, time: 40, chunks: 2, ...options })
    const runtime = nodeRuntime({ threads: 1 })
    const { training, validation } = await trainLanguage({
      model,
      tokeniser,
      train,
      validation: encodeDocuments(tokeniser, [line.repeat(4)]),
      batch: 4,
      updates: 120,
      lr: 1e-2,
      key,
      runtime,
      arena: createArena,
    })
    expect(validation!.bitsPerToken).toBeLessThan(0.6)
    const write = writer(model, training, runtime)
    const prompt = tokeniser.encode(line.slice(0, 20)).data as BigInt64Array
    expect(tokeniser.decode(await write.write(prompt, { count: 10, temperature: 0, key }))).toBe(line.slice(20, 30))
    await write.dispose()
    await training.dispose()
  })
})

test('the kind has its defaults, and what does not divide is said', () => {
  const shape = { vocabulary: 11, time: 16, batch: 4 }
  const model = smlpKind.build(smlpKind.settings.parse({}), shape)
  expect(nn.countParameters(model.layer)).toBeGreaterThan(0)
  expect(model.decodes).toBe(true)
  expect(smlpKind.build(smlpKind.settings.parse({ partial: true }), shape)).toMatchObject({ scoredFrom: 4 })
  expect(() => smlpKind.build(smlpKind.settings.parse({ d: 6, chunks: 5 }), shape)).toThrow(
    /24 features has halves that do not divide into 5 chunks/,
  )
  expect(() => smlpKind.build(smlpKind.settings.parse({ dense: 0, sparse: 0 }), shape)).toThrow(/needs a block/)
  expect(() => smlpKind.build(smlpKind.settings.parse({ router: 'gshard', experts: 1 }), shape)).toThrow(/two experts; there is 1/)
})
