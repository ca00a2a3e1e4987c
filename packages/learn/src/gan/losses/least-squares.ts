import { add, mean, mul, sub, type Tensor } from '@dioramic/tensor'
import type { Loss } from '../contracts.ts'

/** ½·mean (scores − target)². */
const half = (scores: Tensor, target: number): Tensor => {
  const off = sub(scores, target)
  return mul(mean(mul(off, off)), 0.5)
}

/** Scores are pulled to labels: real to b, generated to a, and by the generator to c (Mao et al. 2017). (0, 1, 1) by default; (−1, 1, 0) minimises Pearson's χ². */
export const leastSquares = ({ a = 0, b = 1, c = 1 }: { readonly a?: number; readonly b?: number; readonly c?: number } = {}): Loss => ({
  name: 'least-squares',
  discriminator: ({ onReal, onFake }) => add(half(onReal.scores, b), half(onFake.scores, a)),
  generator: ({ onFake }) => half(onFake.scores, c),
})
