import { expect, it } from 'vitest'
import { cosine, inverseSqrt, linearDecay, oneCycle, piecewise, warmup } from './index.ts'

const close = (got: number, want: number) => expect(got).toBeCloseTo(want, 12)

it('warm-up rises in equal parts to the rate', () => {
  const s = warmup(4, 0.8)
  expect([0, 1, 2, 3, 4, 100].map(s)).toEqual([0.2, 0.4, 0.6000000000000001, 0.8, 0.8, 0.8])
})
it('cosine: the peak after warm-up, half way half, then the final rate', () => {
  const s = cosine(1, 110, { warmup: 10, final: 0.1 })
  close(s(9), 1)
  close(s(10), 1)
  close(s(60), 0.55)
  close(s(110), 0.1)
  close(s(1000), 0.1)
  close(s(35), 0.1 + 0.9 * 0.5 * (1 + Math.SQRT1_2))
})
it('linear decay is straight', () => {
  const s = linearDecay(2, 10, { final: 1 })
  close(s(0), 2)
  close(s(5), 1.5)
  close(s(20), 1)
})
it('inverse square root peaks at the end of the warm-up', () => {
  const s = inverseSqrt(1, 100)
  close(s(49), 0.5)
  close(s(99), 1)
  close(s(399), 0.5)
})
it('one cycle has the three rates of PyTorch at its corners', () => {
  // torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=100): 0.04 … 1 at step 29 … 4e-6 at step 99.
  const s = oneCycle(1, 100)
  close(s(0), 0.04)
  close(s(29), 1)
  close(s(99), 0.04 / 10000)
})
it('piecewise holds or goes straight between its points', () => {
  const points = [
    [0, 1],
    [10, 0.5],
    [20, 0],
  ] as const
  expect([0, 9, 10, 25].map(piecewise(points))).toEqual([1, 1, 0.5, 0])
  close(piecewise(points, { linear: true })(15), 0.25)
})
it('says what is wrong', () => {
  expect(() => cosine(1, 10, { warmup: 10 })).toThrow(/leave nothing/)
  expect(() => piecewise([[1, 1]])).toThrow(/update 0/)
  expect(() =>
    piecewise([
      [0, 1],
      [0, 2],
    ]),
  ).toThrow(/in order/)
  expect(() => warmup(1.5, 1)).toThrow(/whole number/)
})
