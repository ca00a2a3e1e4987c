import { meanOf } from './mean.ts'
import type { Rows } from './rows.ts'

/** exp E KL(p(y|x) ‖ p(y)) of class probabilities, the mean over `splits` parts (Salimans et al. 2016): high where each sample is of a clear class and all classes come. */
export function inceptionScore(probabilities: Rows, splits = 1): number {
  const size = Math.floor(probabilities.length / splits)
  return meanOf(
    Array.from({ length: splits }, (_, k) => {
      const part = probabilities.slice(k * size, (k + 1) * size)
      const classes = part[0]!.length
      const marginal = Array.from({ length: classes }, (_, c) => meanOf(part.map(p => p[c]!)))
      return Math.exp(meanOf(part.map(p => p.reduce((s, v, c) => s + (v > 0 ? v * Math.log(v / marginal[c]!) : 0), 0))))
    }),
  )
}
