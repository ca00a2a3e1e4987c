import { expect, test } from 'vitest'
import type { Loss } from '../contracts.ts'
import { hinge } from './hinge.ts'
import { leastSquares } from './least-squares.ts'
import { minimax } from './minimax.ts'
import { nonSaturating } from './non-saturating.ts'
import { valuesOf } from './view.test-kit.ts'
import { wasserstein } from './wasserstein.ts'

const log = Math.log
const sigma = (x: number) => 1 / (1 + Math.exp(-x))

/** [loss, discriminator and generator at zero scores, both at a = 2 and b = −1]. */
const CASES: readonly (readonly [Loss, number, number, number, number])[] = [
  [minimax, 2 * log(2), -log(2), -log(sigma(2)) - log(1 - sigma(-1)), log(1 - sigma(-1))],
  [nonSaturating(), 2 * log(2), log(2), -log(sigma(2)) - log(1 - sigma(-1)), -log(sigma(-1))],
  [
    nonSaturating({ target: 0.9 }),
    2 * log(2),
    log(2),
    -0.9 * log(sigma(2)) - 0.1 * log(1 - sigma(2)) - log(1 - sigma(-1)),
    -log(sigma(-1)),
  ],
  [wasserstein(), 0, 0, -3, 1],
  [leastSquares(), 0.5, 0.5, 0.5 + 0.5, 2],
  [leastSquares({ a: -1, b: 1, c: 0 }), 1, 0, 0.5 + 0, 0.5],
  [hinge, 2, 0, 0, 1],
]

test.each(CASES)('$name has the values of its formula', async (loss, d0, g0, d, g) => {
  const zero = await valuesOf(loss, [0, 0], [0, 0])
  expect(zero.discriminator).toBeCloseTo(d0, 6)
  expect(zero.generator).toBeCloseTo(g0, 6)
  const other = await valuesOf(loss, [2, 2], [-1, -1])
  expect(other.discriminator).toBeCloseTo(d, 6)
  expect(other.generator).toBeCloseTo(g, 6)
})
