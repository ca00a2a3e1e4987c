import { compile, f32, interpreter, item, matmul, type NDArray, type Tensor } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { mlp } from '../architectures/mlp.ts'
import type { Penalty, View } from '../contracts.ts'
import { drift } from './drift.ts'
import { dragan, gradientPenalty, r1, r2 } from './gradient.ts'

const W = [0.6, -2, 3]
const X = [
  [1, 2, 3],
  [-1, 0.5, 2],
]

/** A penalty of D(x) = w·x. */
async function penaltyOf(penalty: Penalty): Promise<number> {
  const run = compile((x: Tensor, w: Tensor, key: Tensor) => {
    const judge: View['judge'] = s => ({ scores: matmul(s.x, w) })
    const [real, fake] = [{ x }, { x: matmul(x, matmul(w, w, { transB: true })) }]
    return penalty({
      architecture: mlp({ shape: [3] }),
      real,
      fake,
      onReal: judge(real),
      onFake: judge(fake),
      judge,
      reconstruct: () => real,
      params: {},
      memory: {},
      key,
    })
  }, interpreter())
  const key: NDArray = { dtype: 'i64', shape: [2], data: new BigInt64Array([3n, 4n]) }
  return item((await run(f32(X), f32(W, [3, 1]), key)) as NDArray)
}

test('of a linear discriminator the slope is its weight, wherever it is taken', async () => {
  const squared = W.reduce((s, w) => s + w * w, 0)
  const off = (Math.sqrt(squared) - 1) ** 2
  expect(await penaltyOf(gradientPenalty())).toBeCloseTo(10 * off, 4)
  expect(await penaltyOf(gradientPenalty({ weight: 1 }))).toBeCloseTo(off, 5)
  expect(await penaltyOf(dragan())).toBeCloseTo(10 * off, 4)
  expect(await penaltyOf(r1({ weight: 2 }))).toBeCloseTo(squared, 5)
  expect(await penaltyOf(r2({ weight: 2 }))).toBeCloseTo(squared, 5)
  const scores = X.map(x => x.reduce((s, v, i) => s + v * W[i]!, 0))
  expect(await penaltyOf(drift({ weight: 1 }))).toBeCloseTo((scores[0]! ** 2 + scores[1]! ** 2) / 2, 4)
})
