import { i64, interpreter, Key } from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'
import { describe, expect, it } from 'vitest'
import { characterTokeniser, encodeDocuments, scoredBatches, scorer, scoreText, trainLanguage, transformerLm } from './index.ts'

import { bigramTable, pairCost, trigramState } from './table.test-kit.ts'

const key = Key.fromSeed(3)
const engine = { runtime: nodeRuntime({ threads: 1 }), arena: createArena }

describe('scores', () => {
  it('are the sum over targets, whatever windows and rows', async () => {
    const tokens = Array.from({ length: 60 }, (_, i) => (i * i + (i >> 2)) % 5)
    const text = { tokens: i64(tokens), starts: [0] }
    const tokeniser = { bytes: [1, 2, 3, 1, 4], characters: [1, 1, 1, 1, 1] }
    for (const [time, stride, batch] of [
      [59, 59, 1],
      [12, 5, 2],
      [20, 20, 3],
    ] as const) {
      const model = bigramTable(5, time)
      const values = model.layer.init(key)
      const cost = pairCost(values.params)
      const score = scorer(model, interpreter())
      const found = await scoreText(score, values, scoredBatches(model, text, { batch, stride }), tokeniser)
      const nats = tokens.slice(1, 1 + found.tokens).reduce((s, t, i) => s + cost(tokens[i]!, t), 0)
      const bytes = tokens.slice(1, 1 + found.tokens).reduce((s, t) => s + tokeniser.bytes[t]!, 0)
      expect(found.natsPerToken).toBeCloseTo(nats / found.tokens, 5)
      expect(found.bitsPerByte).toBeCloseTo(nats / Math.LN2 / bytes, 5)
      expect(found.perplexity).toBeCloseTo(Math.exp(nats / found.tokens), 4)
      await score.dispose()
    }
  })
})

describe('a state that is carried', () => {
  it('makes the length of segments, and the lanes, of no account', async () => {
    const n = 61
    const tokens = Array.from({ length: n }, (_, i) => (i * i + (i >> 2)) % 5)
    const text = { tokens: i64(tokens), starts: [0, 25] }
    const tokeniser = { bytes: [1, 1, 1, 1, 1], characters: [1, 1, 1, 1, 1] }
    const scores = []
    for (const time of [36, 12, 4]) {
      const model = trigramState(5, time, 1)
      const values = model.layer.init(key)
      const score = scorer(model, interpreter())
      scores.push(await scoreText(score, values, scoredBatches(model, text, { batch: 9 }), tokeniser))
      await score.dispose()
    }
    // 24 and 35 targets: all are scored, whatever the segments.
    for (const s of scores) {
      expect(s.tokens).toBe(59)
      expect(s.natsPerToken).toBeCloseTo(scores[0]!.natsPerToken, 5)
    }
  })
})

describe('the recipe', () => {
  it('learns a text that repeats, and says so of what it has not seen', async () => {
    const line = 'she sells sea shells by the sea shore; '
    const tokeniser = characterTokeniser([line])
    const train = encodeDocuments(tokeniser, [line.repeat(40)])
    const validation = encodeDocuments(tokeniser, [line.repeat(6)])
    const model = transformerLm({ vocabulary: tokeniser.size, d: 32, layers: 2, heads: 2, time: 32 })
    const {
      training,
      result,
      validation: score,
    } = await trainLanguage({ model, tokeniser, train, validation, batch: 8, updates: 250, key, ...engine })
    expect(result.updates).toBe(250)
    expect(score!.bitsPerToken).toBeLessThan(0.5)
    expect(score!.bitsPerByte).toBe(score!.bitsPerToken)
    await training.dispose()
  })
})
