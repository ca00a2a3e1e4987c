import { Key } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { deepnorm } from './experiment.ts'

const part = (name: string) => deepnorm.parts.find(p => p.name === name)!

test('a few updates teach 24 blocks much of copying from three back, and an encoder–decoder something of a translation', async () => {
  const copy = part('copy')
  const found = (await copy.run({
    arm: 'deepnorm',
    seed: 0,
    config: { ...(copy.config(true) as object), layers: 24, updates: 60 } as never,
    key: Key.fromSeed(0),
  })) as { accuracy: number; gradient: number[] }
  expect(found.accuracy).toBeGreaterThan(0.5)
  expect(found.gradient).toHaveLength(24)
  const translation = part('translation')
  const { curve, words, parameters } = (await translation.run({
    arm: 'shallow and wide',
    seed: 0,
    config: { ...(translation.config(false) as object), updates: 50, fresh: 64 } as never,
    key: Key.fromSeed(0),
  })) as { curve: [number, number][]; words: number; parameters: number }
  expect(curve.at(-1)![1]).toBeLessThan(curve[0]![1] - 1)
  expect(words).toBeGreaterThan(0.2)
  expect(parameters).toBeGreaterThan(100_000)
})
