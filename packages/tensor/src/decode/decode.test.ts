import { describe, expect, it } from 'vitest'
import { type NDArray, numbersOf } from '../graph/array.ts'
import { spec } from '../graph/dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { Tree } from '../graph/tree.ts'
import * as nn from '../nn/index.ts'
import { nodeRuntime } from '../node/runtime.ts'
import { compile } from '../plan/compile.ts'
import { interpreter } from '../plan/interpreter.ts'
import { Key } from '../random/key.ts'
import { decoder, sampleToken } from './index.ts'

const key = Key.fromSeed(6)
const d = 8

function models(): Record<string, nn.Layer> {
  const E = nn.embedding(11, d, { init: nn.normal(1) })
  const block = (residual: nn.Residual) =>
    nn.block({ d, attention: nn.attention(d, { heads: 2, causal: true }), ffn: nn.ffn(d), residual, dropout: 0.1 })
  return {
    'pre-norm, repeated, tied': nn.sequence({
      E,
      pos: nn.learnedPositions(12, d),
      blocks: nn.repeat(3, block(nn.preNorm)),
      norm: nn.layerNorm(d),
      out: E.readout(),
    }),
    'post-norm, sines': nn.sequence(
      nn.embedding(11, d),
      nn.sinusoidalPositions(12, d),
      block(nn.postNorm({ alpha: 1.5 })),
      nn.linear(d, 11),
    ),
    lstm: nn.sequence(nn.embedding(11, d), nn.lstm(d, d), nn.gru(d, d), nn.linear(d, 11)),
  }
}

describe('decoding token by token is running the whole text each time', () => {
  for (const [name, model] of Object.entries(models()))
    for (const runtime of [interpreter(), nodeRuntime()])
      it(`${name}, ${runtime.name}`, async () => {
        const { params, state } = model.init(key, spec('i64', [2, 10]))
        const texts = [
          [3, 1, 4, 1, 5, 9, 2, 6, 5, 3],
          [2, 7, 1, 8, 2, 8, 1, 8, 2, 8],
        ]
        const full = compile((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => model.apply(p, s, x)[0], runtime)
        const x: NDArray = { dtype: 'i64', shape: [2, 10], data: BigInt64Array.from(texts.flat(), BigInt) }
        const whole = numbersOf((await full(params, state, x)) as NDArray)
        const one = decoder(model, params, runtime, { batch: 2, length: 10 })
        for (let t = 0; t < 10; t++) {
          const logits = numbersOf(await one.step(texts.map(s => s[t]!)))
          for (const i of [0, 1])
            for (let c = 0; c < 11; c++)
              expect(Math.abs(logits[i * 11 + c]! - whole[(i * 10 + t) * 11 + c]!), `token ${t}`).toBeLessThan(2e-5)
        }
        await expect(one.step([0, 0])).rejects.toThrow(/hold 10 tokens and are full/)
        const greedy = await one.generate(
          [
            [3, 1],
            [2, 7],
          ],
          { count: 6, temperature: 0 },
        )
        expect(greedy[0]!.slice(0, 2)).toEqual([3, 1])
        expect(greedy.every(g => g.length === 8)).toBe(true)
        expect(
          await one.generate(
            [
              [3, 1],
              [2, 7],
            ],
            { count: 6, key },
          ),
        ).toEqual(
          await one.generate(
            [
              [3, 1],
              [2, 7],
            ],
            { count: 6, key },
          ),
        )
        await one.dispose()
        await full.dispose()
      })
})

describe('sampling', () => {
  const logits = [Math.log(0.5), Math.log(0.2), Math.log(0.3), -50]
  const shares = (options: object) => {
    const n = 4000
    const counts = [0, 0, 0, 0]
    for (let i = 0; i < n; i++) counts[sampleToken(logits, key.fork(i), options)]!++
    return counts.map(c => c / n)
  }
  const near = (got: readonly number[], want: readonly number[]) => {
    got.forEach((g, i) => {
      // Four deviations of a share of 4,000.
      expect(Math.abs(g - want[i]!)).toBeLessThanOrEqual(4 * Math.sqrt((want[i]! * (1 - want[i]!)) / 4000))
    })
  }
  it('follows the probabilities, the temperature, topK and topP', () => {
    near(shares({}), [0.5, 0.2, 0.3, 0])
    near(shares({ temperature: 0 }), [1, 0, 0, 0])
    near(shares({ topK: 2 }), [0.625, 0, 0.375, 0])
    near(shares({ topP: 0.79 }), [0.625, 0, 0.375, 0])
    near(shares({ topP: 0.4 }), [1, 0, 0, 0])
    const hot = [0.5, 0.2, 0.3].map(p => Math.sqrt(p))
    const total = hot.reduce((a, b) => a + b, 0)
    near(shares({ temperature: 2 }), [...hot.map(h => h / total), 0])
  })
  it('of equal logits the first, and refuses NaN', () => {
    expect(sampleToken([1, 3, 3], key, { temperature: 0 })).toBe(1)
    expect(() => sampleToken([Number.NaN, Number.NaN], key)).toThrow(/not finite/)
  })
})
