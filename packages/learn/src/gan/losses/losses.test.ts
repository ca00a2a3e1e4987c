import {
  compile,
  concat,
  constant,
  f32,
  gather,
  grad,
  i64,
  interpreter,
  item,
  mul,
  type NDArray,
  numbersOf,
  reshape,
  slice,
  type Tensor,
  zeros,
} from '@dioramic/tensor'
import { expect, test } from 'vitest'
import type { Loss, View } from '../contracts.ts'
import { boundary, boundaryMeasure } from './boundary.ts'
import { type Conjugate, conjugates, type FDivergence, fDivergence } from './f-divergence.ts'
import { featureMatching } from './feature-matching.ts'
import { hinge } from './hinge.ts'
import { leastSquares } from './least-squares.ts'
import { lossSensitive } from './loss-sensitive.ts'
import { minimax } from './minimax.ts'
import { modeRegularised } from './mode-regularised.ts'
import { nonSaturating } from './non-saturating.ts'
import { realness } from './realness.ts'
import { relativistic, relativisticAverage } from './relativistic.ts'
import { selfSupervised } from './self-supervised.ts'
import { sphere, toNorthPole } from './sphere.ts'
import { valuesOf } from './view.test-kit.ts'
import { wasserstein, wassersteinGp } from './wasserstein.ts'

const log = Math.log
const sigma = (x: number) => 1 / (1 + Math.exp(-x))
const LN2 = log(2)

/** [loss, discriminator and generator at zero scores, both at a = 2 and b = −1]. */
const CASES: readonly (readonly [Loss, number, number, number, number])[] = [
  [minimax, 2 * LN2, -LN2, -log(sigma(2)) - log(1 - sigma(-1)), log(1 - sigma(-1))],
  [nonSaturating(), 2 * LN2, LN2, -log(sigma(2)) - log(1 - sigma(-1)), -log(sigma(-1))],
  [nonSaturating({ target: 0.9 }), 2 * LN2, LN2, -0.9 * log(sigma(2)) - 0.1 * log(1 - sigma(2)) - log(1 - sigma(-1)), -log(sigma(-1))],
  [wasserstein(), 0, 0, -3, 1],
  // D(x) = x has slope 1 everywhere: no penalty.
  [wassersteinGp(), 0, 0, -3, 1],
  [leastSquares(), 0.5, 0.5, 0.5 + 0.5, 2],
  [leastSquares({ a: -1, b: 1, c: 0 }), 1, 0, 0.5 + 0, 0.5],
  [hinge, 2, 0, 0, 1],
  [relativistic, LN2, LN2, -log(sigma(3)), -log(sigma(-3))],
  [relativisticAverage, 2 * LN2, 2 * LN2, -2 * log(sigma(3)), -2 * log(sigma(-3))],
  // Margin |a − b| = 3, losses −2 and 1: −2 + (3 − 2 − 1)₊.
  [lossSensitive(), 0, 0, -2, 1],
  [lossSensitive({ weight: 2 }), 0, 0, -2, 1],
  // Reconstructions are the real samples themselves.
  [modeRegularised(), 2 * LN2, LN2 + 0.4 * LN2, -log(sigma(2)) - log(1 - sigma(-1)), -log(sigma(-1)) - 0.4 * log(sigma(2))],
  [fDivergence('kl'), Math.exp(-1), -Math.exp(-1), Math.exp(-2) - 2, -Math.exp(-2)],
  [fDivergence('reverse-kl'), -1 + 1, 1, -2 + Math.exp(-2), 2],
  [fDivergence('pearson'), 0, 0, 0.25 - 1 - 2, 0.75],
  [fDivergence('hellinger'), 0, 0, Math.exp(-1) - 1 - (1 - Math.exp(-2)), 1 - Math.exp(-1)],
  [fDivergence('jensen-shannon'), 0, 0, -log(2 - 2 * sigma(-1)) - log(2 * sigma(2)), log(2 - 2 * sigma(-1))],
  [fDivergence('gan'), 2 * LN2, -LN2, -log(1 - sigma(-1)) - log(sigma(2)), log(1 - sigma(-1))],
  [boundary(), 0, 0, -2, 1],
]

test.each(CASES)('$name has the values of its formula', async (loss, d0, g0, d, g) => {
  const zero = await valuesOf(loss, [0, 0], [0, 0])
  expect(zero.discriminator).toBeCloseTo(d0, 6)
  expect(zero.generator).toBeCloseTo(g0, 6)
  const other = await valuesOf(loss, [2, 2], [-1, -1])
  expect(other.discriminator).toBeCloseTo(d, 6)
  expect(other.generator).toBeCloseTo(g, 6)
})

test('the loss-sensitive margin counts only where it is not kept', async () => {
  // Equal losses of samples 3 apart: (3 + 0)₊, weighed.
  const { discriminator } = await valuesOf(lossSensitive({ weight: 2 }), [1], [1], a => ({ real: { x: a }, fake: { x: a } }))
  expect(discriminator).toBeCloseTo(-1, 6)
  const apart = await valuesOf(lossSensitive({ weight: 2 }), [0], [1.5])
  expect(apart.discriminator).toBeCloseTo(0 + 2 * (1.5 + 0 + 1.5), 6)
})

test('at T = f′(1) each f-divergence objective T − f*(T) is f(1), and g and f* are those of the definition', async () => {
  // f*(t) = sup_u ut − f(u), by a fine grid.
  const grid = Array.from({ length: 200_000 }, (_, i) => Math.exp(-12 + (24 * i) / 200_000))
  for (const name of Object.keys(conjugates) as FDivergence[]) {
    const { output, conjugate, threshold, f }: Conjugate = conjugates[name]
    const run = compile((v: Tensor) => ({ t: output(v), c: conjugate(v) }), interpreter())
    const at = async (v: number) => {
      const out = (await run(f32([v]))) as { t: NDArray; c: NDArray }
      return [item(out.t), item(out.c)] as const
    }
    for (const v of [-1.5, -0.2, 0.3, 1.1]) {
      const [t, c] = await at(v)
      expect(c, `${name} at ${v}`).toBeCloseTo(
        grid.reduce((best, u) => Math.max(best, u * t - f(u)), -Infinity),
        5,
      )
    }
    const v = name === 'kl' ? 1 : 0
    const [t, c] = await at(v)
    expect(t).toBeCloseTo(threshold, 6)
    expect(t - c).toBeCloseTo(name === 'gan' ? -2 * LN2 : 0, 6)
  }
})

test('the distance on the sphere', async () => {
  const run = compile((p: Tensor) => toNorthPole(p), interpreter())
  const lengths = [0, 1e-3, 0.3, 1, 2, 50, 1e4]
  const d = numbersOf((await run(f32(lengths.map(l => [0.6 * l, -0.8 * l])))) as NDArray)
  lengths.forEach((l, i) => {
    expect(d[i]).toBeCloseTo(l < 100 ? Math.acos((l * l - 1) / (l * l + 1)) : 2 / l, 5)
  })
  const { discriminator, generator } = await valuesOf(sphere({ dimensions: 2, moments: 3 }), [[0, 0]], [[0, 1]])
  const moments = (x: number) => x + x ** 2 + x ** 3
  expect(discriminator).toBeCloseTo(moments(Math.PI / 2) - moments(Math.PI), 4)
  expect(generator).toBeCloseTo(-moments(Math.PI / 2), 4)
})

test('realness at equal outcomes: the anchors’ divergence from the uniform, and nothing for the generator', async () => {
  const outcomes = 10
  const raw = Array.from({ length: outcomes }, (_, k) => Math.exp(-((((k + 0.5) / outcomes - 0.75) / 0.25) ** 2) / 2))
  const total = raw.reduce((a, b) => a + b)
  const kl = raw.reduce((s, p) => s + (p / total) * log((p / total) * outcomes), 0)
  const flat = new Array<number>(outcomes).fill(0.7)
  const { discriminator, generator } = await valuesOf(realness({ outcomes }), [flat], [flat])
  expect(discriminator).toBeCloseTo(2 * kl, 5)
  expect(generator).toBeCloseTo(0, 6)
})

test('self-supervision adds the guess of the turn', async () => {
  const picture = (a: Tensor) => ({ x: reshape(slice(a, [null, [1, 5]]), [1, 1, 2, 2]) })
  const by = (judge: View['judge']) => (a: Tensor) => ({ real: picture(a), fake: picture(a), judge })
  const corner = [[0, 1, 0, 0, 0]]
  // All turns alike: log 4 for each guess.
  const blind = await valuesOf(
    selfSupervised(),
    corner,
    corner,
    by(({ x }) => ({ scores: zeros([x.shape[0]!, 5]) })),
  )
  expect(blind.discriminator).toBeCloseTo(2 * LN2 + log(4), 6)
  expect(blind.generator).toBeCloseTo(LN2 + 0.2 * log(4), 6)
  // Turned a quarter at a time, the bright corner goes round: 0, 2, 3, 1 of the four pixels.
  const seeing = await valuesOf(
    selfSupervised(),
    corner,
    corner,
    by(({ x }) => ({ scores: concat([zeros([x.shape[0]!, 1]), mul(gather(reshape(x, [-1, 4]), constant(i64([0, 2, 3, 1])), 1), 50)], 1) })),
  )
  expect(seeing.discriminator).toBeCloseTo(2 * LN2, 6)
})

test('boundary equilibrium: k moves towards the balance', async () => {
  const { memory } = await valuesOf(boundary(), [-1], [-0.2])
  expect(memory['k']).toBeCloseTo(0.0003, 9)
  expect(boundaryMeasure(1, 0.2)).toBeCloseTo(1.3, 12)
})

test('feature matching compares mean features, and says where there are none', async () => {
  const { generator } = await valuesOf(featureMatching, [1, 3], [-1, 0], (a, b) => ({
    onReal: { scores: a, features: a },
    onFake: { scores: b, features: b },
  }))
  expect(generator).toBeCloseTo((2 + 0.5) ** 2, 6)
  await expect(valuesOf(featureMatching, [1], [2])).rejects.toThrow(/feature-matching: the discriminator of "mlp" shows no features/)
})

test('gradients of the saturating and the non-saturating generator at a score of −10', async () => {
  const slope = async (loss: Loss) => {
    const run = compile((b: Tensor) => grad((s: Tensor) => loss.generator({ onFake: { scores: s } } as never))(b), interpreter())
    return item((await run(f32([[-10]]))) as NDArray)
  }
  expect(await slope(minimax)).toBeCloseTo(-4.54e-5, 7)
  expect(await slope(nonSaturating())).toBeCloseTo(-0.99995, 5)
})
